#include "src/table/name_pool.hpp"

#include <cassert>

namespace vigil {

uint32_t name_pool::acquire(const process_name& name) {
  if (auto i = numbers_.find(name); i != numbers_.end()) {
    ++entries_[i->second].uses;
    return i->second;
  }
  uint32_t number;
  if (!free_.empty()) {
    number = free_.back();
    free_.pop_back();
  } else {
    number = static_cast<uint32_t>(entries_.size());
    entries_.emplace_back();
  }
  entries_[number] = {name, 1};
  numbers_.emplace(name, number);
  return number;
}

void name_pool::release(uint32_t number) {
  auto& x = entries_[number];
  assert(x.uses > 0);
  if (--x.uses > 0)
    return;
  numbers_.erase(x.name);
  x.name = {};
  free_.push_back(number);
}

std::optional<uint32_t> name_pool::find(const process_name& name) const {
  auto i = numbers_.find(name);
  if (i == numbers_.end())
    return std::nullopt;
  return i->second;
}

} // namespace vigil
