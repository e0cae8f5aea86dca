#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/errc.hpp>
#include <vigil/node_name.hpp>
#include "messages/session_message.hpp"
#include "src/link/ids.hpp"

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

namespace vigil {

// What the actors that reach other nodes, and the control plane, tell each
// other. None of these can be serialized.

/// To the endpoint: this is who gets what arrives.
struct control_plane_hello {
  caf::actor control_plane;
};

/// To the connector: dial a node.
struct dial_order {
  dial_id dial{};
  node_name peer;
  time_point deadline;
};

/// From a dialling thread to the connector: the dial has ended.
struct dial_outcome {
  dial_id dial{};
  /// The endpoint of the node that answered; null on failure.
  caf::strong_actor_ptr peer;
  error why;
};

/// To the endpoint, from itself: the other end of a connection is gone, or, if
/// `misled`, was never there.
struct connection_lost {
  caf::weak_actor_ptr peer;
  bool misled = false;
};

/// To the endpoint: end.
struct endpoint_stop {};

/// From the connector, by way of the endpoint, to the control plane.
struct dial_failure {
  dial_id dial{};
  error why;
};

/// From the endpoint to the control plane: a dial has led to this connection.
struct dial_success {
  dial_id dial{};
  connection_id connection{};
};

/// From the endpoint to the control plane: a connection that it has not heard
/// of before. Precedes every other message about it.
struct peer_opened {
  connection_id connection{};
  caf::strong_actor_ptr peer;
};

/// From the endpoint to the control plane: a session message arrived.
struct peer_message {
  connection_id connection{};
  session_message message;
};

/// From the endpoint to the control plane: a connection is gone.
struct peer_closed {
  connection_id connection{};
  bool misled = false;
};

} // namespace vigil

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::control_plane_hello)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::dial_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::dial_outcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::connection_lost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::endpoint_stop)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::dial_failure)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::dial_success)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::peer_opened)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::peer_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::peer_closed)
