#pragma once

#include <vigil/core/control_effect.hpp>
#include <vigil/notices.hpp>
#include <vigil/reference.hpp>
#include <vigil/runtime.hpp>
#include "src/front/gate.hpp"

#include <cstddef>
#include <cstdint>
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

  /// Adds DOWNs to the next delivery, which stay where they are until then;
  /// those before them are delivered now unless they lie side by side.
  void gather(const effect::deliver_downs& x) {
    if (count_ > 0 && first_ + count_ != x.first)
      deliver();
    if (count_ == 0)
      first_ = x.first;
    count_ += x.count;
  }

  /// Delivers what was gathered and passes the gate, in order; calls nobody if
  /// that is nothing. The runtime must not come back here from its callback.
  void deliver();

  /// Returns how many DOWNs the gate did not let pass: a demonitor was faster.
  uint64_t suppressed() const noexcept {
    return suppressed_;
  }

private:
  /// Leaves out the DOWNs that the gate does not let pass.
  void claim();

  vigil::gate& gate_;
  vigil::runtime& runtime_;
  /// What was gathered.
  down_notice* first_ = nullptr;
  size_t count_ = 0;
  /// Reused by every delivery.
  std::vector<reference> claimed_;
  std::vector<bool> passed_;
  uint64_t suppressed_ = 0;
};

} // namespace vigil
