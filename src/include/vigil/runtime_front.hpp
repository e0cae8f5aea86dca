#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/creation.hpp>
#include <vigil/errc.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/requests.hpp>
#include <vigil/target.hpp>

#include <memory>

namespace vigil {

struct front_state;

/// Options of `runtime_front::demonitor`.
/// @see Erlang/OTP, erlang:demonitor/2
struct demonitor_options {
  /// Also remove a DOWN that was delivered already.
  bool flush = false;
  /// Return whether a live monitor was removed; without it the answer is true.
  bool info = false;
};

/// The thread-safe handle through which a runtime with its own scheduler
/// threads and its own processes uses a node. It offers what the runtime's
/// built-in functions need. There is nothing to instantiate in this interface
/// and no type of the actor framework, so that a runtime in C or Rust can wrap
/// it.
///
/// Errors are returned as codes; `errc::none` is success. Once `node::stop` has
/// begun, requests return `errc::shutdown`; once it has returned, all calls do.
///
/// Thread-safety: all members may be called from any thread. Requests about one
/// process apply in the order in which they were made, also when the process
/// moves between threads. Calls that say so may wait; from within a callback of
/// `runtime`, and from the thread in which the control plane runs, they return
/// `errc::busy` instead. A `node` runs it in the thread of its actor system's
/// sockets, as CAF's brokers do.
///
/// Ownership: copies refer to the same node. A copy may outlive its node.
class runtime_front {
public:
  explicit runtime_front(std::shared_ptr<front_state> state) noexcept;

  // -- identity ---------------------------------------------------------------

  node_name self() const noexcept;

  creation life() const noexcept;

  /// Returns a pid that no process of this node has had. Runtimes with numbers
  /// of their own need not use it.
  pid new_pid() noexcept;

  // -- monitors ---------------------------------------------------------------

  /// Starts to monitor `object` for `watcher`, a live process of this node, and
  /// stores the reference in `ref` at once. Connects to the object's node if
  /// need be; if that fails, a DOWN `noconnection` follows. A watcher that is
  /// not alive gets nothing. Waits while too much is queued for the object's
  /// node. Errors: `noproc` if `watcher` is no process of this life of this
  /// node, `bad_argument` if `object` is not valid, `reference_exhausted`,
  /// `busy`, `shutdown`.
  /// @see Erlang/OTP, erlang:monitor/2
  errc monitor(const pid& watcher, const target& object, reference& ref);

  /// Like `monitor`, but returns `busy` where that would wait.
  errc try_monitor(const pid& watcher, const target& object, reference& ref);

  /// Like `try_monitor`, but returns `no_connection`, dials nothing and leaves
  /// no record behind if there is no session with the object's node.
  errc monitor_connected(const pid& watcher, const target& object,
                         reference& ref);

  /// Ends a monitor of `watcher`. When it has returned, no DOWN for `ref` will
  /// be delivered. Stores in `found` whether a live monitor was removed, or
  /// true if `options.info` was not asked for. Does not wait for the control
  /// plane's thread, except while that is delivering this very DOWN.
  /// @see Erlang/OTP, erlang:demonitor/2
  errc demonitor(const pid& watcher, reference ref, demonitor_options options,
                 bool& found);

  /// Reports that a process of this node has ended, exactly once and after the
  /// runtime has made it invisible to `alive` and `whereis`. Never waits.
  errc process_exited(const pid& process, const exit_reason& reason);

  // -- links ------------------------------------------------------------------

  /// Waits until there is a session with `peer`, or none can be made. With
  /// `keep`, the node makes it again whenever it is lost or could not be made,
  /// after a rest of 100 ms that doubles up to 30 s, until `disconnect`.
  error connect(node_name peer, bool keep = false);

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

  /// Stores the monitors that `watcher` holds.
  errc monitors(const pid& watcher, monitor_list& out);

  /// Stores who monitors `process`, a process of this node.
  errc monitored_by(const pid& process, watcher_list& out);

  /// Stores the nodes with which there is a session.
  errc nodes(node_list& out);

  /// Stores the node's counters.
  errc stats(statistics& out);

private:
  std::shared_ptr<front_state> state_;
};

} // namespace vigil
