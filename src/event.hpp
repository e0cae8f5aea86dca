#pragma once

#include "messages/control.hpp"
#include "messages/creation.hpp"
#include "messages/down_cause.hpp"
#include "messages/errc.hpp"
#include "messages/exit_reason.hpp"
#include "messages/node_name.hpp"
#include "messages/pid.hpp"
#include "messages/reference.hpp"
#include "messages/session.hpp"
#include "messages/target.hpp"
#include "src/network.hpp"
#include "src/time_point.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace vigil {

// What reaches the core. Events are facts: whoever raises one has seen it
// happen and waits for no answer; what follows from it comes as effects.

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

// -- from the network, to the session layer -----------------------------------

/// A connection that was dialled is there.
struct connected {
  dial_id dial{};
  connection_id connection{};
};

/// A dial has come to nothing.
struct dial_failed {
  dial_id dial{};
  error why;
};

/// A message arrived. The first message of an unknown connection introduces it.
struct arrived {
  connection_id connection{};
  session_message message;
};

/// A connection is gone.
struct disconnected {
  connection_id connection{};
};

/// The time has come that `next_wake` asked for.
struct timer {};

/// Somebody wants to know when `peer` has applied all that was sent to it
/// before. Ends in `effect::synced`.
struct sync {
  node_name peer;
  uint64_t token = 0;
};

} // namespace event

/// What the control plane reacts to.
using control_event
  = std::variant<event::monitor, event::demonitor, event::process_exited,
                 event::connect, event::disconnect, event::stop, event::resume,
                 event::link_up, event::link_down, event::link_failed,
                 event::received>;

/// What the session layer reacts to.
using network_event
  = std::variant<event::connected, event::dial_failed, event::arrived,
                 event::disconnected, event::timer, event::sync>;

/// What a whole node core reacts to.
using core_event
  = std::variant<event::monitor, event::demonitor, event::process_exited,
                 event::connect, event::disconnect, event::stop, event::resume,
                 event::connected, event::dial_failed, event::arrived,
                 event::disconnected, event::timer, event::sync>;

} // namespace vigil
