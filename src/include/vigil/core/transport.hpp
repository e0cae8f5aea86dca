#pragma once

#include <vigil/control_message.hpp>
#include <vigil/farewell.hpp>
#include <vigil/node_name.hpp>

namespace vigil {

/// The seam between the control plane and whatever carries its messages to
/// other nodes: vigil's own sessions, a recording transport in tests, or one
/// that speaks another protocol.
///
/// A transport reports what happens as events of the control plane: `link_up`,
/// `link_down`, `link_failed` and `received`. It keeps these promises: a link
/// is up between one `link_up` and one `link_down`; messages of one link arrive
/// in the order in which they were sent, without gaps or repeats; nothing that
/// was sent over one link arrives over a later one; and after a `link_down` or
/// `link_failed` no link to that peer comes up before `loss_done`, so that a
/// million monitors can end in slices.
///
/// Thread-safety: all calls come from the thread that steps the control plane.
class transport {
public:
  virtual ~transport() = default;

  /// Starts to make a link to `peer`; does nothing if it is up or being made.
  /// With `keep`, makes it again whenever it is lost or cannot be made, until
  /// it is closed with cause `requested`.
  virtual void open_link(node_name peer, bool keep) = 0;

  /// Ends the link to `peer`, or the attempt to make one, and tells the peer
  /// why.
  virtual void close_link(node_name peer, const farewell& why) = 0;

  /// Says that all that the last `link_down` or `link_failed` of `peer` has led
  /// to is done.
  virtual void loss_done(node_name peer) = 0;

  /// Takes a message for `peer`. Returns false if there is no route to it: the
  /// message is lost and so is the link.
  virtual bool send(node_name peer, const control_message& message) = 0;
};

} // namespace vigil
