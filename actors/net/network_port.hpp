#pragma once

#include "messages/session_message.hpp"
#include "src/link/ids.hpp"
#include "src/session/network_effect.hpp"

#include <caf/actor_control_block.hpp>

namespace vigil {

/// How a control plane that is an actor reaches other nodes. What comes of it
/// is told by messages: `dial_success` or `dial_failure`, `peer_message`,
/// `peer_closed`.
///
/// Thread-safety: none; owned by the control plane.
class network_port {
public:
  virtual ~network_port() = default;

  /// Begins a dial.
  virtual void dial(const effect::dial& x) = 0;

  /// Sends a message, which is the port's to move from.
  virtual void transmit(effect::transmit& x) = 0;

  /// Closes a connection unless others use it.
  virtual void hang_up(const effect::hang_up& x) = 0;

  /// Notes a connection, and the actor at its other end if there is one.
  virtual void opened(connection_id x, caf::strong_actor_ptr peer) = 0;

  /// Notes that a connection is gone.
  virtual void closed(connection_id x) = 0;
};

} // namespace vigil
