#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

namespace vigil {

/// Looks into a front, for test kits that keep a ledger of what a runtime asks
/// for. The front of a program's node has none.
///
/// Thread-safety: called on the calling thread, which holds no lock of vigil's.
class front_probe {
public:
  virtual ~front_probe() = default;

  /// A call of this name begins, in which the caller can come to wait for the
  /// control plane's thread, or be asked for processes: whatever locks of its
  /// own it holds, it holds now.
  virtual void begins(const char* call) = 0;

  /// A monitor was asked for, and its reference is about to be returned.
  virtual void
  monitored(const pid& watcher, const target& object, reference ref)
    = 0;

  /// A demonitor was asked for, which has `found` a live monitor or not. With
  /// `flushed`, its DOWN is not in a mailbox any more.
  virtual void
  demonitored(const pid& watcher, reference ref, bool found, bool flushed)
    = 0;

  /// The end of a process of this life of the node is about to be reported.
  virtual void exited(const pid& process, const exit_reason& reason) = 0;
};

} // namespace vigil
