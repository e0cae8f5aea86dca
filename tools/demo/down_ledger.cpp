#include "tools/demo/down_ledger.hpp"

#include <utility>

namespace vigil {

void down_ledger::begin(std::string title) {
  scenes_.push_back({std::move(title)});
}

void down_ledger::expect(const std::string& line) {
  auto current = scenes_.size() - 1;
  if (entries_.emplace(line, entry{current, false}).second)
    ++scenes_[current].expected;
}

bool down_ledger::receive(const std::string& line) {
  auto i = entries_.find(line);
  if (i == entries_.end() || i->second.received) {
    auto where = i == entries_.end() ? scenes_.size() - 1 : i->second.scene;
    ++scenes_[where].received;
    ++scenes_[where].surplus;
    return false;
  }
  i->second.received = true;
  ++scenes_[i->second.scene].received;
  return true;
}

down_ledger::scene down_ledger::total() const {
  scene result{"total"};
  for (const auto& one : scenes_) {
    result.expected += one.expected;
    result.received += one.received;
    result.surplus += one.surplus;
  }
  return result;
}

bool down_ledger::balanced() const {
  auto sum = total();
  return sum.surplus == 0 && sum.expected == sum.received;
}

} // namespace vigil
