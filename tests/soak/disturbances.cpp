#include "tests/soak/disturbances.hpp"

#include <algorithm>

namespace vigil::soak {

disturbances::disturbances(size_t nodes, std::chrono::milliseconds aftermath)
  : nodes_(nodes),
    aftermath_(aftermath),
    links_(nodes * nodes) {
  // nop
}

void disturbances::begin(size_t a, size_t b) {
  ++at(a, b).faults;
}

void disturbances::end(size_t a, size_t b, time_point now) {
  auto& x = at(a, b);
  --x.faults;
  x.excused_until = std::max(x.excused_until, now + aftermath_);
}

void disturbances::begin(size_t node) {
  for (size_t other = 0; other < nodes_; ++other)
    if (other != node)
      begin(node, other);
}

void disturbances::end(size_t node, time_point now) {
  for (size_t other = 0; other < nodes_; ++other)
    if (other != node)
      end(node, other, now);
}

void disturbances::strike(time_point now) {
  for (auto& x : links_)
    x.excused_until = std::max(x.excused_until, now + aftermath_);
}

bool disturbances::disturbed(size_t a, size_t b, time_point now) const {
  return calm_since(a, b, now) == time_point::max();
}

time_point disturbances::calm_since(size_t a, size_t b, time_point now) const {
  const auto& x = at(a, b);
  return x.faults > 0 || now < x.excused_until ? time_point::max()
                                               : x.excused_until;
}

size_t disturbances::calm_links(time_point now) const {
  size_t result = 0;
  for (size_t a = 0; a < nodes_; ++a)
    for (size_t b = a + 1; b < nodes_; ++b)
      if (!disturbed(a, b, now))
        ++result;
  return result;
}

disturbances::link& disturbances::at(size_t a, size_t b) {
  return links_[std::min(a, b) * nodes_ + std::max(a, b)];
}

const disturbances::link& disturbances::at(size_t a, size_t b) const {
  return links_[std::min(a, b) * nodes_ + std::max(a, b)];
}

} // namespace vigil::soak
