#pragma once

#include <vigil/control_message.hpp>
#include <vigil/core/monitor.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/creation.hpp>
#include <vigil/down_cause.hpp>
#include <vigil/down_origin.hpp>
#include <vigil/errc.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/farewell.hpp>
#include <vigil/node_name.hpp>
#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace vigil {

// What a control plane wants done. Effects are executed in the order in which
// they were emitted.

namespace effect {

// -- for the processes of this node -------------------------------------------

/// Deliver these DOWNs, in this order, those that the gate lets pass. One
/// effect for all that follow each other, because a link that ends can have a
/// million monitors. They lie in memory of whoever emits them, until its next
/// step, and whoever executes the effect may move them away.
struct deliver_downs {
  /// The first of them, each with its watcher, who may have ended; the others
  /// lie behind it.
  down_notice* first = nullptr;
  /// How many they are; at least one.
  size_t count = 0;
};

/// A reference will see no DOWN: its watcher has ended, or the monitor was
/// never granted because the watcher was dead already or watches itself.
struct retire {
  /// The monitor, which is over.
  reference ref{};
  /// What a caller who still waits for an answer is told.
  errc why = errc::noproc;
  /// Whether the monitor was granted: it ended, or there was nothing to watch.
  bool granted = true;
};

// -- for the people and programs that run the node ----------------------------

/// A session came up.
struct node_up {
  /// The node at the other end.
  node_name peer;
  /// Which life of it.
  creation life{};
};

/// A session ended; every DOWN it caused was emitted before.
struct node_down {
  /// The node at the other end; one that was up.
  node_name peer;
  /// As in `event::link_down`.
  down_cause cause = down_cause::closed;
  /// As in `event::link_down`.
  std::string detail;
  /// As in `event::link_down`.
  timespan silence{};
  /// As in `event::link_down`.
  timespan detection{};
  /// As in `node_event`.
  uint64_t loss = 0;
};

/// The link to a node is lost: nothing more can be sent to it. Comes before the
/// first DOWN of the loss, and `node_down` after the last.
struct link_lost {
  /// The node at the other end.
  node_name peer;
};

/// There is more to do than fits into one step: step with `event::resume` when
/// what waits already has had its turn.
struct yield {};

/// A session that was asked for did not come up.
struct connect_failed {
  /// The node that could not be reached.
  node_name peer;
  /// As in `event::link_failed`; `shutdown` and `bad_argument` are the control
  /// plane's own.
  error why;
};

// -- for a transport, from the control plane ----------------------------------

/// Send a control message over the link. Without a link it is lost, and the
/// loss of the link is reported or was.
struct send {
  /// The node at the other end.
  node_name peer;
  /// What it is told.
  control_message message;
};

/// Send an exit for each of these monitors, whose watchers live on other nodes,
/// in this order. One effect for all of them, because a process can have a
/// million watchers. They are the control plane's own, until its next step.
struct send_exits {
  /// The first of them; the others lie behind it.
  const inbound_monitor* first = nullptr;
  /// How many they are; at least one.
  size_t count = 0;
  /// The same for all.
  exit_reason reason;
};

/// Make a link; ends in `link_up` or `link_failed`, unless it is up already.
struct open_link {
  /// The node to reach; never this one.
  node_name peer;
  /// And again whenever it is lost or cannot be made, until it is closed on
  /// request.
  bool keep = false;
};

/// End the link, or the attempt to make one, with this farewell. Ends in
/// `link_down` or `link_failed`.
struct close_link {
  /// The node at the other end.
  node_name peer;
  /// What the peer is told.
  farewell why;
};

/// All that the end of the link, or of the attempt to make one, has led to is
/// done: another may come up.
struct loss_done {
  /// The node at the other end.
  node_name peer;
};

} // namespace effect

/// What the control plane emits.
using control_effect
  = std::variant<effect::deliver_downs, effect::retire, effect::node_up,
                 effect::node_down, effect::link_lost, effect::connect_failed,
                 effect::yield, effect::send, effect::send_exits,
                 effect::open_link, effect::close_link, effect::loss_done>;

} // namespace vigil
