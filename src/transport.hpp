#pragma once

#include "messages/control.hpp"
#include "messages/node_name.hpp"
#include "messages/session.hpp"

namespace vigil {

/// The seam between the control plane and whatever carries its messages to
/// other nodes: vigil's own sessions, a recording transport in tests, or one
/// that speaks another protocol.
///
/// A transport reports what happens as events of the control plane: `link_up`,
/// `link_down`, `link_failed` and `received`. It keeps these promises: a link
/// is up between one `link_up` and one `link_down`; messages of one link arrive
/// in the order in which they were sent, without gaps or repeats; nothing that
/// was sent over one link arrives over a later one.
///
/// Thread-safety: all calls come from the thread that steps the control plane.
class transport {
public:
  virtual ~transport() = default;

  /// Starts to make a link to `peer`; does nothing if it is up or being made.
  virtual void open_link(node_name peer) = 0;

  /// Ends the link to `peer`, or the attempt to make one, and tells the peer
  /// why.
  virtual void close_link(node_name peer, const farewell& why) = 0;

  /// Takes a message for `peer`. Returns false if there is no route to it: the
  /// message is lost and so is the link.
  virtual bool send(node_name peer, const control_message& message) = 0;
};

} // namespace vigil
