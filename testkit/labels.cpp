#include "testkit/labels.hpp"

#include <variant>

namespace vigil::testkit {

void labels::add(node_name node, creation life, size_t which,
                 uint32_t first_pid) {
  lives_[{node, life}] = {which, first_pid};
  auto [i, added] = by_alive_.emplace(node.alive(), node);
  if (!added && i->second != node)
    i->second = node_name{};
}

std::string labels::operator()(node_name x) const {
  auto i = by_alive_.find(x.alive());
  if (i != by_alive_.end() && i->second == x)
    return std::string{x.alive()};
  return to_string(x);
}

std::string labels::operator()(node_name node, creation life) const {
  auto result = (*this)(node);
  auto i = lives_.find({node, life});
  if (i != lives_.end() && i->second.which > 1)
    result += '/' + std::to_string(i->second.which);
  return result;
}

std::string labels::operator()(const pid& x) const {
  auto i = lives_.find({x.node, x.life});
  if (i == lives_.end())
    return to_string(x);
  // Where a runtime numbers its processes itself, their own numbers.
  constexpr uint32_t most = 1'000'000;
  auto place = x.number - i->second.first_pid;
  auto result = (*this)(x.node, x.life) + '.';
  if (place < most)
    result += std::to_string(place + 1);
  else
    result += std::to_string(x.number);
  if (x.serial != 0)
    result += '.' + std::to_string(x.serial);
  return result;
}

std::string labels::operator()(const target& x) const {
  if (auto process = std::get_if<pid>(&x))
    return (*this)(*process);
  const auto& named = std::get<named_target>(x);
  return '{' + named.name.str() + ',' + (*this)(named.node) + '}';
}

std::string labels::operator()(reference x) const {
  return 'r' + std::to_string(to_integer(x) - to_integer(first_reference) + 1);
}

} // namespace vigil::testkit
