#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace vigil {

// What the actors of one node ask of its control plane.

/// Asks for a monitor; answered with its `reference`, or with an error:
/// `noproc` if the watcher is no live process of the node, `bad_argument` if
/// the object is not valid, `reference_exhausted`, `shutdown`. Waits for its
/// answer while too much is queued for the object's node.
struct monitor_request {
  /// What to monitor.
  target object;
  /// The process that gets the DOWN; none means the actor that asks.
  pid watcher{};
};

/// Options of a demonitor. Whether a live monitor was removed is always said,
/// as Erlang does with its option `info`.
/// @see Erlang/OTP, erlang:demonitor/2
struct demonitor_options {
  /// Also remove a DOWN that was delivered already, by `runtime::remove_down`.
  /// Not from the mailbox of an actor, which nobody can search: see
  /// `monitor_set`.
  bool flush = false;
};

/// Takes a monitor back; answered with true if a live monitor of the watcher
/// was removed, so that no DOWN was or will be delivered, and with false
/// otherwise.
struct demonitor_request {
  /// The monitor.
  reference ref{};
  /// What else to do.
  demonitor_options options{};
  /// The process that holds the monitor; none means the actor that asks.
  pid watcher{};
};

/// Reports, once, that a process has ended, for runtimes whose processes are no
/// actors: the node sees the end of an actor by itself. The process must be
/// invisible to the process view by then. Answered when that is applied, or
/// with an error: `not_local` for a process of another node, `noproc` for one
/// of another life of this node, or if its end was reported before, as far as
/// that is still known, `bad_argument` if it is alive, `shutdown`.
struct exit_report {
  /// The process.
  pid process;
  /// Why it has ended.
  exit_reason reason;
};

/// Asks for a `node_event` whenever a session has come up or ended; the sender
/// is first told of those that are up. Answered after these. Who has subscribed
/// is not told twice. Ends with the sender, which is held until then, and with
/// the node, whose own stop is no event.
/// @see Erlang/OTP, net_kernel:monitor_nodes/1
struct subscribe_request {};

/// Asks for no more of them; answered after the last.
struct unsubscribe_request {};

/// Asks for a session with a node; answered when it is up or has failed. With
/// `keep`, it is made again whenever it is lost or could not be made, until a
/// `disconnect_request`.
struct connect_request {
  /// Another node; the own one is a `bad_argument`.
  node_name peer;
  /// Whether the session is wanted for good.
  bool keep = false;
};

/// Ends the session with a node; answered when it is down.
struct disconnect_request {
  /// Any node; one without a session is down already.
  node_name peer;
};

/// Asks when `peer` will have applied all that was sent to it before; answered
/// then, or with `no_connection` if there is no session or it ends. With the
/// name of the node itself: when all that was requested before has happened.
struct sync_request {
  /// A node with a session, or this node itself.
  node_name peer;
};

/// Asks which monitors a process holds; answered with a `monitor_list`.
struct monitors_request {
  /// The process; of one that holds none the list is empty.
  pid watcher;
};

/// One monitor that a process holds.
struct held_monitor {
  /// What its DOWN will carry, and what a demonitor takes.
  reference ref{};
  /// The target exactly as the watcher named it.
  target object;
};

/// Answers a `monitors_request`, oldest monitor first.
struct monitor_list {
  /// All in one piece, however many.
  std::vector<held_monitor> monitors;
};

/// Asks who monitors a process; answered with a `watcher_list`.
struct monitored_by_request {
  /// A process of this node; of any other the list is empty.
  pid process;
};

/// Answers a `monitored_by_request`: one watcher a monitor, oldest first.
struct watcher_list {
  /// A process that holds several monitors stands there as often.
  std::vector<pid> watchers;
};

/// Asks which nodes are up; answered with a `node_list`.
struct nodes_request {};

/// Answers a `nodes_request`, ordered by name.
struct node_list {
  /// This node is not among them.
  std::vector<node_name> nodes;
};

/// Asks for the node's counters; answered with a `statistics`.
struct statistics_request {};

/// Counters and sizes of a node, by name, in a stable order.
struct statistics {
  /// Name and value. What is not a size counts from the start of the node.
  std::vector<std::pair<std::string, uint64_t>> values;
};

} // namespace vigil
