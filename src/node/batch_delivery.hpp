#pragma once

#include <vigil/core/control_effect.hpp>
#include <vigil/notices.hpp>
#include <vigil/reference.hpp>
#include <vigil/runtime.hpp>
#include "src/front/gate.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace vigil {

/// Delivers DOWNs that follow each other to the runtime in one call.
///
/// They are claimed at the gate just before that call and not when they are
/// gathered, so that a demonitor of any thread wins as long as it can; they
/// count as being delivered until the call has returned.
///
/// Thread-safety: none; owned by who executes the effects of a core.
class batch_delivery {
public:
  /// Both outlive this object, or at least the last call to it.
  batch_delivery(vigil::gate& gate, vigil::runtime& runtime) noexcept
    : gate_(gate),
      runtime_(runtime) {
    // nop
  }

  /// Adds one DOWN to the next delivery.
  void gather(effect::deliver_down&& x) {
    gathered_.push_back(
      {x.watcher,
       {x.ref, std::move(x.object), std::move(x.reason), x.origin, x.loss}});
  }

  /// Adds some that have all but the monitor in common.
  void gather(effect::deliver_downs&& x) {
    for (auto& monitor : x.monitors)
      gathered_.push_back(
        {monitor.watcher,
         {monitor.ref, std::move(monitor.object), x.reason, x.origin, x.loss}});
  }

  /// Delivers what was gathered and passes the gate, in order; calls nobody if
  /// that is nothing. The runtime must not come back here from its callback.
  void deliver();

  /// Returns how many DOWNs the gate did not let pass: a demonitor was faster.
  uint64_t suppressed() const noexcept {
    return suppressed_;
  }

private:
  /// Takes the DOWNs out of `gathered_` that the gate does not let pass.
  void claim();

  vigil::gate& gate_;
  vigil::runtime& runtime_;
  std::vector<down_notice> gathered_;
  /// Reused by every delivery.
  std::vector<reference> claimed_;
  std::vector<bool> passed_;
  uint64_t suppressed_ = 0;
};

} // namespace vigil
