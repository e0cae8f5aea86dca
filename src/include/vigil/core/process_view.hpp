#pragma once

#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>

#include <optional>

namespace vigil {

/// The one thing the core asks of the world: which local processes are alive.
///
/// A runtime makes a process invisible here first and reports its exit exactly
/// once after that. Must not block and must not call back into vigil.
///
/// Thread-safety: a control plane asks on the thread that steps it; the front
/// of a node asks on its callers' threads as well.
class process_view {
public:
  virtual ~process_view() = default;

  /// Returns whether the process is alive. Asked only for pids of this life of
  /// this node.
  virtual bool alive(const pid& process) const noexcept = 0;

  /// Returns the live process registered under `name`, if any.
  virtual std::optional<pid>
  whereis(const process_name& name) const noexcept = 0;
};

} // namespace vigil
