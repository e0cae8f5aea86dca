#pragma once

#include "src/node/core_event.hpp"
#include "src/node/node_effects.hpp"

namespace vigil {

/// Looks into a node executor, for simulators and test kits that judge a node
/// or put faults into it. A node of a program has none.
///
/// Thread-safety: called by the executor on its own thread; must not call back.
class executor_probe {
public:
  virtual ~executor_probe() = default;

  /// Sees an event just before the core does.
  virtual void before(const core_event& what) = 0;

  /// Sees all that a step wants done before anything of it is, and may change
  /// it.
  virtual void after(node_effects& effects) = 0;
};

} // namespace vigil
