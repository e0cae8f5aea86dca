#pragma once

#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

namespace vigil {

/// A monitor as its watcher's node knows it.
struct outbound_monitor {
  /// A process of this node.
  pid watcher;
  /// The target exactly as the watcher named it; lives on another node, or on
  /// this one.
  target object;
  /// Distinct from those of all other monitors of this node's life.
  reference ref{};
};

/// A monitor as its target's node knows it.
struct inbound_monitor {
  /// A process of another node, or of this one.
  pid watcher;
  /// The target exactly as the watcher named it.
  target object;
  /// The watcher's node has given it: two nodes may use the same.
  reference ref{};
};

} // namespace vigil
