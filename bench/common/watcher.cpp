#include "bench/common/watcher.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/vigil_node.hpp"

#include <string>

namespace vigil::bench {

watcher::watcher(bench_runtime& runtime, const runtime_front& front)
  : front_(front),
    self_{front.self(), front.life(), runtime.spawn_with_mailbox(), 0},
    messages_(runtime.mailbox_of(self_.number)) {
  // nop
}

reference watcher::monitor(const pid& object) {
  auto ref = front_.monitor(self_, object).value();
  live_ += to_integer(ref);
  return ref;
}

void watcher::demonitor(reference ref, bool flush) {
  if (!front_.demonitor(self_, ref, {flush}).value())
    throw failure{"a monitor ended early"};
  live_ -= to_integer(ref);
}

void watcher::expect_downs(size_t count, const exit_reason& reason) {
  while (count > 0) {
    if (!messages_.take(taken_, mailbox::clock::now() + patience))
      throw failure{std::to_string(count) + " DOWNs are missing"};
    for (const auto& x : taken_) {
      if (x.reason != reason)
        throw failure{"a DOWN has the reason " + to_string(x.reason)};
      live_ -= to_integer(x.ref);
    }
    if (taken_.size() > count)
      throw failure{"there are too many DOWNs"};
    count -= taken_.size();
  }
  if (live_ != 0)
    throw failure{"a DOWN came twice"};
}

} // namespace vigil::bench
