#pragma once

#include <vigil/errc.hpp>
#include <vigil/node_name.hpp>
#include "messages/session_message.hpp"
#include "src/link/ids.hpp"

#include <cstdint>
#include <variant>

namespace vigil {

namespace event {

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
  /// Whoever it leads to does not know the endpoint that was dialled.
  bool misled = false;
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

/// What the session layer reacts to.
using network_event
  = std::variant<event::connected, event::dial_failed, event::arrived,
                 event::disconnected, event::timer, event::sync>;

} // namespace vigil
