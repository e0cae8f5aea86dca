#pragma once

#include <vigil/control_message.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/creation.hpp>
#include <vigil/down_cause.hpp>
#include <vigil/errc.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <string>
#include <variant>

namespace vigil {

// What reaches a control plane. Events are facts: whoever raises one has seen
// it happen and waits for no answer; what follows from it comes as effects.

namespace event {

// -- from the processes of this node ------------------------------------------

/// A process asked to monitor another. The reference was allocated and admitted
/// to the gate before.
struct monitor {
  /// A process of this node; if it is not alive, nothing comes of it.
  pid watcher;
  /// A process of any node, this one included.
  target object;
  /// Larger than that of every monitor before.
  reference ref{};
};

/// A process took a monitor back, and has won the gate.
struct demonitor {
  /// Who made the monitor; of anybody else nothing comes.
  pid watcher;
  /// What is not known (any more) is no error.
  reference ref{};
};

/// A process has ended. It was made invisible to the process view before.
struct process_exited {
  /// A process of this node; reported once.
  pid process;
  /// What each of its watchers is told.
  exit_reason reason;
};

// -- from the people and programs that run the node ---------------------------

/// A session with `peer` is wanted.
struct connect {
  /// Another node; to itself a node needs no connection, `bad_argument`.
  node_name peer;
  /// And again whenever it is lost or cannot be made, until `disconnect`.
  bool keep = false;
};

/// The session with `peer`, or the attempt to get one, shall end.
struct disconnect {
  /// Any node; nothing happens if there is neither.
  node_name peer;
};

/// The node shuts down in good order.
struct stop {};

/// The control plane has asked, with `effect::yield`, to go on.
struct resume {};

// -- from a transport, to the control plane -----------------------------------

/// A link to another node works, from now until `link_down`.
struct link_up {
  /// The node at the other end. It has no other link that is up.
  node_name peer;
  /// Which life of it: pids of any other are not its own.
  creation life{};
};

/// The link is gone. Nothing that is sent later can arrive over it.
struct link_down {
  /// The node at the other end; an event for a link that is not up is ignored.
  node_name peer;
  /// Why; goes into the `effect::node_down`, as do the next three.
  down_cause cause = down_cause::closed;
  /// One sentence about the cause; may be empty.
  std::string detail;
  /// How long ago the peer was last heard, in nanoseconds.
  timespan silence{};
  /// How long it took to find out, in nanoseconds: from the first sign that
  /// something was wrong until now. Zero if the end was announced.
  timespan detection{};
};

/// The link that was asked for could not be made.
struct link_failed {
  /// The node that could not be reached; ignored if its link is up.
  node_name peer;
  /// What was in the way; goes into the `effect::connect_failed`.
  error why;
};

/// A control message arrived over the link.
struct received {
  /// From whom; ignored if its link is not up.
  node_name peer;
  /// As the peer has said it: the control plane checks whether it may.
  control_message message;
};

} // namespace event

/// What the control plane reacts to.
using control_event
  = std::variant<event::monitor, event::demonitor, event::process_exited,
                 event::connect, event::disconnect, event::stop, event::resume,
                 event::link_up, event::link_down, event::link_failed,
                 event::received>;

} // namespace vigil
