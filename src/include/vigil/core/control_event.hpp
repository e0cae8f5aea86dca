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
  pid watcher;
  target object;
  reference ref{};
};

/// A process took a monitor back, and has won the gate.
struct demonitor {
  pid watcher;
  reference ref{};
};

/// A process has ended. It was made invisible to the process view before.
struct process_exited {
  pid process;
  exit_reason reason;
};

// -- from the people and programs that run the node ---------------------------

/// A session with `peer` is wanted.
struct connect {
  node_name peer;
  /// And again whenever it is lost or cannot be made, until `disconnect`.
  bool keep = false;
};

/// The session with `peer`, or the attempt to get one, shall end.
struct disconnect {
  node_name peer;
};

/// The node shuts down in good order.
struct stop {};

/// The control plane has asked, with `effect::yield`, to go on.
struct resume {};

// -- from a transport, to the control plane -----------------------------------

/// A link to another node works, from now until `link_down`.
struct link_up {
  node_name peer;
  creation life{};
};

/// The link is gone. Nothing that is sent later can arrive over it.
struct link_down {
  node_name peer;
  down_cause cause = down_cause::closed;
  std::string detail;
  /// How long ago the peer was last heard.
  timespan silence{};
  /// How long it took to find out: from the first sign that something was
  /// wrong until now. Zero if the end was announced.
  timespan detection{};
};

/// The link that was asked for could not be made.
struct link_failed {
  node_name peer;
  error why;
};

/// A control message arrived over the link.
struct received {
  node_name peer;
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
