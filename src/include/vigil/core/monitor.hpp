#pragma once

#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

namespace vigil {

/// A monitor as its watcher's node knows it.
struct outbound_monitor {
  pid watcher;
  target object;
  reference ref{};
};

/// A monitor as its target's node knows it.
struct inbound_monitor {
  pid watcher;
  /// The target exactly as the watcher named it.
  target object;
  reference ref{};
};

} // namespace vigil
