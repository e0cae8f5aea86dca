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
#include "src/monitor_table.hpp"
#include "src/network.hpp"
#include "src/time_point.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

namespace vigil {

// What the core wants done. Effects are executed in the order in which they
// were emitted.

namespace effect {

// -- for the processes of this node -------------------------------------------

/// Deliver one DOWN, if the gate lets it pass.
struct deliver_down {
  pid watcher;
  reference ref{};
  target object;
  exit_reason reason;
  /// One of the DOWNs of a session that is lost: its `node_down` follows.
  bool in_loss = false;
};

/// A reference will see no DOWN: its watcher has ended, or the monitor was
/// never granted because the watcher was dead already or watches itself.
struct retire {
  reference ref{};
  /// What a caller who still waits for an answer is told.
  errc why = errc::noproc;
  /// Whether the monitor was granted: it ended, or there was nothing to watch.
  bool granted = true;
};

// -- for the people and programs that run the node ----------------------------

/// A session came up.
struct node_up {
  node_name peer;
  creation life{};
};

/// A session ended; every DOWN it caused was emitted before.
struct node_down {
  node_name peer;
  down_cause cause = down_cause::closed;
  std::string detail;
  /// As in `event::link_down`.
  timespan silence{};
  timespan detection{};
};

/// A peer has missed ticks; nothing has been decided yet.
struct ticks_missed {
  node_name peer;
  /// How many since it was last heard, and how long ago that was.
  uint32_t count = 0;
  timespan silence{};
};

/// There is more to do than fits into one step: step with `event::resume` when
/// what waits already has had its turn.
struct yield {};

/// A session that was asked for did not come up.
struct connect_failed {
  node_name peer;
  error why;
};

// -- for a transport, from the control plane ----------------------------------

/// Send a control message over the link. Without a link it is lost, and the
/// loss of the link is reported or was.
struct send {
  node_name peer;
  control_message message;
};

/// Send an exit for each of these monitors, whose watchers live on other nodes,
/// in this order. One effect for all of them, because a process can have a
/// million watchers. They are the control plane's own, until its next step.
struct send_exits {
  const inbound_monitor* first = nullptr;
  size_t count = 0;
  exit_reason reason;
};

/// Make a link; ends in `link_up` or `link_failed`, unless it is up already.
struct open_link {
  node_name peer;
  /// And again whenever it is lost or cannot be made, until it is closed on
  /// request.
  bool keep = false;
};

/// End the link, or the attempt to make one, with this farewell. Ends in
/// `link_down` or `link_failed`.
struct close_link {
  node_name peer;
  farewell why;
};

/// All that the end of the link has led to is done: another may come up.
struct settle_link {
  node_name peer;
};

// -- for the network, from the session layer ----------------------------------

/// Dial a node; ends in `connected` or `dial_failed`, at the deadline if
/// nothing else happened.
struct dial {
  dial_id dial{};
  node_name peer;
  time_point deadline;
};

/// Send a message over a connection. A connection that cannot carry it reports
/// `disconnected`.
struct transmit {
  connection_id connection{};
  session_message message;
};

/// Close a connection and forget it; nothing is reported for it from now on.
struct hang_up {
  connection_id connection{};
};

/// What `event::sync` with this token asked for is true, or never will be:
/// there is no session with the peer, or it has ended.
struct synced {
  uint64_t token = 0;
  bool ok = false;
};

/// The orderly shutdown is complete: every peer has acknowledged the goodbye,
/// or time is up.
struct stopped {};

} // namespace effect

/// What the control plane emits.
using control_effect
  = std::variant<effect::deliver_down, effect::retire, effect::node_up,
                 effect::node_down, effect::connect_failed, effect::yield,
                 effect::send, effect::send_exits, effect::open_link,
                 effect::close_link, effect::settle_link>;

/// What the session layer emits for the network.
using network_effect
  = std::variant<effect::dial, effect::transmit, effect::hang_up,
                 effect::ticks_missed, effect::synced, effect::stopped>;

/// What leaves a whole node core.
using core_effect
  = std::variant<effect::deliver_down, effect::retire, effect::node_up,
                 effect::node_down, effect::connect_failed, effect::yield,
                 effect::dial, effect::transmit, effect::hang_up,
                 effect::ticks_missed, effect::synced, effect::stopped>;

} // namespace vigil
