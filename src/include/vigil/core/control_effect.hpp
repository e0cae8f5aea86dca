#pragma once

#include <vigil/control_message.hpp>
#include <vigil/core/monitor.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/creation.hpp>
#include <vigil/down_cause.hpp>
#include <vigil/errc.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/farewell.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <cstddef>
#include <string>
#include <variant>

namespace vigil {

// What a control plane wants done. Effects are executed in the order in which
// they were emitted.

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

/// The link to a node is lost: nothing more can be sent to it. Comes before the
/// first DOWN of the loss, and `node_down` after the last.
struct link_lost {
  node_name peer;
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

/// All that the end of the link, or of the attempt to make one, has led to is
/// done: another may come up.
struct loss_done {
  node_name peer;
};

} // namespace effect

/// What the control plane emits.
using control_effect
  = std::variant<effect::deliver_down, effect::retire, effect::node_up,
                 effect::node_down, effect::link_lost, effect::connect_failed,
                 effect::yield, effect::send, effect::send_exits,
                 effect::open_link, effect::close_link, effect::loss_done>;

} // namespace vigil
