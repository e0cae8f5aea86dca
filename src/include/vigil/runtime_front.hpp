#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/creation.hpp>
#include <vigil/errc.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/monitor_facility.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/requests.hpp>
#include <vigil/result.hpp>
#include <vigil/target.hpp>

#include <memory>

namespace vigil {

struct front_state;

/// The thread-safe handle through which a runtime with its own scheduler
/// threads and its own processes uses a node. It offers what the runtime's
/// built-in functions need. There is nothing to instantiate in this interface
/// and no type of the actor framework, so that a runtime in C or Rust can wrap
/// it.
///
/// A call that has something to return, or more to say about a failure than its
/// code, returns a `result`; any other an `errc`, of which `none` is success.
/// Once `node::stop` has begun, requests fail with `errc::shutdown`; once it
/// has returned, all calls do.
///
/// Thread-safety: all members may be called from any thread. Requests about one
/// process apply in the order in which they were made, also when the process
/// moves between threads. Calls that say so may wait; from within a callback of
/// `runtime`, and from the thread in which the control plane runs, they fail
/// with `errc::busy` instead. A `node` runs it in the thread of its actor
/// system's sockets, as CAF's brokers do.
///
/// Ownership: copies refer to the same node. A copy may outlive its node.
class runtime_front final : public monitor_facility {
public:
  /// @private Made by a node.
  explicit runtime_front(std::shared_ptr<front_state> state) noexcept;

  // -- identity ---------------------------------------------------------------

  /// Returns the name of the node; also when it has stopped.
  node_name self() const noexcept;

  /// Returns which life of the node its pids are of; also when it has stopped.
  creation life() const noexcept;

  /// Returns a pid that no process of this node has had. Runtimes with numbers
  /// of their own need not use it.
  pid new_pid() noexcept;

  // -- monitors ---------------------------------------------------------------

  /// Starts to monitor `object` for `watcher`, a live process of this node, and
  /// returns the reference at once. Connects to the object's node if need be;
  /// if that fails, a DOWN `noconnection` follows. A watcher that is not alive
  /// gets nothing. Waits while too much is queued for the object's node.
  /// Errors: `noproc` if `watcher` is no process of this life of this node,
  /// `bad_argument` if `object` is not valid, `reference_exhausted`, `busy`,
  /// `shutdown`.
  /// @see Erlang/OTP, erlang:monitor/2
  result<reference> monitor(const pid& watcher, const target& object) override;

  /// Like `monitor`, but fails with `busy` where that would wait.
  result<reference> try_monitor(const pid& watcher, const target& object);

  /// Like `try_monitor`, but fails with `no_connection`, dials nothing and
  /// leaves no record behind if there is no session with the object's node.
  result<reference> monitor_connected(const pid& watcher, const target& object);

  /// Ends a monitor of `watcher`; returns whether a live one was removed. When
  /// it has returned, no DOWN for `ref` will be delivered. Does not wait for
  /// the control plane's thread, except while that is delivering this very
  /// DOWN. Errors: `shutdown`.
  /// @see Erlang/OTP, erlang:demonitor/2
  result<bool> demonitor(const pid& watcher, reference ref,
                         demonitor_options options) override;

  using monitor_facility::demonitor;

  /// Reports that a process of this node has ended, exactly once and after the
  /// runtime has made it invisible to `alive` and `whereis`. Never waits.
  /// Errors: `not_local` for a process of another node, `noproc` for one of
  /// another life of this node and for a pid of no process, `shutdown`. A
  /// second report, and one for a process that `alive` still says is there, are
  /// noticed by the control plane as far as that costs others nothing, and
  /// written to the log.
  errc process_exited(const pid& process, const exit_reason& reason);

  // -- links ------------------------------------------------------------------

  /// Waits until there is a session with `peer`, or none can be made. With
  /// `keep`, the node makes it again whenever it is lost or could not be made,
  /// after a rest of 100 ms that doubles up to 30 s, until `disconnect`.
  result<unit> connect(node_name peer, bool keep = false);

  /// Ends the session with `peer`; waits until it is down and its DOWNs are
  /// delivered.
  errc disconnect(node_name peer);

  /// Waits until `peer` has applied everything that this node has asked of it
  /// before, at most `limit`. For tests and tools that act on several nodes at
  /// once: a process that ends after this ends with all those monitors on it.
  /// For this node itself: until all that was requested before has happened,
  /// the last DOWN of an end included.
  /// Errors: `no_connection`, `busy` if it took longer.
  errc sync(node_name peer, timespan limit);

  /// Returns whether there was a session with `peer` a moment ago.
  bool is_connected(node_name peer) const;

  // -- introspection, each a consistent snapshot; these calls wait ------------

  /// Returns the monitors that `watcher` holds, oldest first.
  result<monitor_list> monitors(const pid& watcher);

  /// Returns who monitors `process`, a process of this node.
  result<watcher_list> monitored_by(const pid& process);

  /// Returns the nodes with which there is a session, ordered by name.
  result<node_list> nodes();

  /// Returns the node's counters.
  result<statistics> stats();

private:
  std::shared_ptr<front_state> state_;
};

} // namespace vigil
