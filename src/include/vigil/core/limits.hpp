#pragma once

#include <cstddef>

namespace vigil {

/// How much a control plane does and bears.
struct control_limits {
  /// How many monitors the processes of one peer may hold here. A peer that
  /// asks for more loses its session, `overload`.
  size_t max_inbound = 10'000'000;
  /// How much work a step does before it leaves the rest of a large deed for
  /// the next, in the units of `max_step_work`. A link that is lost, or a
  /// process that has ended, can take a million of them.
  size_t step_work = 8'192;
};

} // namespace vigil
