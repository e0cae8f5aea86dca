#pragma once

#include <cstddef>

namespace vigil {

/// How much a control plane does and bears.
struct control_limits {
  /// How many monitors the processes of one peer may hold here. A peer that
  /// asks for more loses its session, `overload`.
  size_t max_inbound = 10'000'000;
  /// How many monitors of a lost link, or on a process that has ended, end in
  /// one step.
  size_t slice = 1024;
};

} // namespace vigil
