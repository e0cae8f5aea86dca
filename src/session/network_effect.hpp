#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/node_name.hpp>
#include "messages/session_message.hpp"
#include "src/link/ids.hpp"

#include <cstdint>
#include <variant>

namespace vigil {

namespace effect {

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
/// or time is up. The last effect of a node core.
struct stopped {};

/// A peer has missed ticks; nothing has been decided yet.
struct ticks_missed {
  node_name peer;
  /// How many since it was last heard, and how long ago that was.
  uint32_t count = 0;
  timespan silence{};
};

/// What waits for a peer has reached the bound, or has fallen below it again.
/// A link that comes up is not full.
struct link_full {
  node_name peer;
  bool full = false;
};

} // namespace effect

/// What the session layer emits for the network, and last, from the node core
/// around it, `stopped`.
using network_effect
  = std::variant<effect::dial, effect::transmit, effect::hang_up,
                 effect::ticks_missed, effect::link_full, effect::synced,
                 effect::stopped>;

} // namespace vigil
