#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/errc.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/requests.hpp>
#include <vigil/result.hpp>

namespace vigil {

/// How callers' threads ask the control plane of their node something that
/// needs an answer, whatever it runs in.
///
/// A question waits for its answer on the calling thread, and sees all that was
/// requested through the front before it. It fails with what the control plane
/// says, with `busy` if a limit has passed, and with `shutdown` if the control
/// plane has ended.
///
/// Thread-safety: all members may be called from any thread; the questions only
/// by who holds the front's `lifetime` while the front is open, and not from a
/// thread that must not wait.
class plane_port {
public:
  virtual ~plane_port() = default;

  /// Returns whether the control plane can go on while the calling thread
  /// waits. May be asked at any time, also when the node has ended.
  virtual bool may_wait() const noexcept = 0;

  /// As `runtime_front::connect`; answered when the link is up or has failed.
  virtual result<unit> connect(node_name peer, bool keep) = 0;

  /// As `runtime_front::disconnect`; answered when the link is down.
  virtual result<unit> disconnect(node_name peer) = 0;

  /// As `runtime_front::sync`; waits at most `limit`, in nanoseconds.
  virtual result<unit> sync(node_name peer, timespan limit) = 0;

  /// Returns the monitors that `watcher` holds, oldest first.
  virtual result<monitor_list> monitors(const pid& watcher) = 0;

  /// Returns who monitors `process`, oldest monitor first.
  virtual result<watcher_list> monitored_by(const pid& process) = 0;

  /// Returns the nodes that are up, ordered.
  virtual result<node_list> nodes() = 0;

  /// Returns the node's counters.
  virtual result<statistics> stats() = 0;
};

} // namespace vigil
