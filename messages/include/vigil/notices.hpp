#pragma once

#include <vigil/creation.hpp>
#include <vigil/down_cause.hpp>
#include <vigil/down_origin.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace vigil {

// What the processes of a node are told.

/// A monitor has ended because its target has, or because the link to it is
/// gone. What `{'DOWN', Ref, process, Object, Reason}` is in Erlang.
/// @see Erlang/OTP, erlang:monitor/2
struct down {
  /// The monitor, which is over: what the request was answered with.
  reference ref{};
  /// The target exactly as the watcher named it: a name stays a name.
  target object;
  /// The target's own, `noproc` or `noconnection`.
  exit_reason reason;
  /// Where it comes from, which the reason alone does not say.
  down_origin origin = down_origin::exit;
  /// Which end of a link it belongs to: the `loss` of the `node_event` that
  /// comes after the last DOWN of that end. 0 if none: its origin is neither
  /// `link_lost` nor `shutdown`.
  uint64_t loss = 0;
};

/// A `down` and the process it is for.
struct down_notice {
  /// A process of this node; it may have ended.
  pid watcher;
  /// What it is told.
  down message;
};

/// DOWNs that one watcher owes to the loss of one session, for watchers that
/// have asked for it: as many as come at once. All have one `loss`, and one
/// origin.
struct down_batch {
  /// The node of all targets.
  node_name peer;
  /// At least one.
  std::vector<down> downs;
};

/// A session with another node has come up or ended.
struct node_event {
  /// The other node.
  node_name peer;
  /// Whether the session has come up.
  bool up = false;
  /// Which life of the peer came up; none when it went down.
  creation life{};
  /// Why it went down; means nothing when it came up.
  down_cause cause = down_cause::closed;
  /// One sentence about the cause; may be empty.
  std::string detail;
  /// How long ago the peer was last heard when it went down, in nanoseconds.
  uint64_t silence = 0;
  /// How long it took to find out, in nanoseconds: from the first sign that
  /// something was wrong. 0 if the end was announced.
  uint64_t detection = 0;
  /// Counts the ends of links in the life of the node, of whichever peers, from
  /// 1 on, in the order in which they began: one with few monitors may be told
  /// before an earlier one with many. The DOWNs of this end carry the same
  /// number, and came before. 0 when it came up.
  uint64_t loss = 0;
};

} // namespace vigil
