#include <vigil/monitor_set.hpp>

#include "absl/container/flat_hash_set.h"

#include <algorithm>

namespace vigil {

class monitor_set::references : public absl::flat_hash_set<reference> {};

monitor_set::monitor_set(const runtime_front& front, const pid& self)
  : front_(front),
    self_(self),
    live_(std::make_unique<references>()) {
  // nop
}

monitor_set::monitor_set(monitor_set&& other) noexcept = default;

monitor_set& monitor_set::operator=(monitor_set&& other) noexcept = default;

monitor_set::~monitor_set() = default;

result<reference> monitor_set::monitor(const target& object) {
  auto ref = front_.try_monitor(self_, object);
  if (ref)
    live_->insert(*ref);
  return ref;
}

bool monitor_set::demonitor(reference ref, bool flush) {
  auto outcome = front_.demonitor(self_, ref);
  auto found = outcome && *outcome;
  if (found || flush)
    live_->erase(ref);
  return found;
}

bool monitor_set::accept(const down& x) {
  return live_->erase(x.ref) > 0;
}

void monitor_set::accept(down_batch& x) {
  auto stale = [this](const down& y) { return !accept(y); };
  x.downs.erase(std::remove_if(x.downs.begin(), x.downs.end(), stale),
                x.downs.end());
}

size_t monitor_set::size() const noexcept {
  return live_->size();
}

} // namespace vigil
