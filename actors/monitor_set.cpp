#include "actors/monitor_set.hpp"

#include <algorithm>

namespace vigil {

monitor_set::monitor_set(const runtime_front& front, const pid& self)
  : front_(front),
    self_(self) {
  // nop
}

errc monitor_set::monitor(const target& object, reference& ref) {
  auto outcome = front_.try_monitor(self_, object, ref);
  if (outcome == errc::none)
    live_.insert(ref);
  return outcome;
}

bool monitor_set::demonitor(reference ref, bool flush) {
  bool found = false;
  auto outcome = front_.demonitor(self_, ref, {false, true}, found);
  found = found && outcome == errc::none;
  if (found || flush)
    live_.erase(ref);
  return found;
}

bool monitor_set::accept(const down& x) {
  return live_.erase(x.ref) > 0;
}

void monitor_set::accept(down_batch& x) {
  auto stale = [this](const down& y) { return !accept(y); };
  x.downs.erase(std::remove_if(x.downs.begin(), x.downs.end(), stale),
                x.downs.end());
}

} // namespace vigil
