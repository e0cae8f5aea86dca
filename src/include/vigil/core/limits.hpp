#pragma once

#include <cstddef>

namespace vigil {

/// How much a control plane does and bears.
struct control_limits {
  /// How many monitors the processes of one peer may hold here. A peer that
  /// asks for more loses its session, `overload`.
  size_t max_inbound = 10'000'000;
  /// How much work a step does before it leaves what can wait for the next, in
  /// the units of `max_step_work`. Of a large deed, a link that is lost or a
  /// process that has ended with a million monitors, it does a quarter of that.
  size_t step_work = 8'192;
};

} // namespace vigil
