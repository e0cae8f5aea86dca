#pragma once

#include <vigil/node_name.hpp>
#include "messages/session_message.hpp"
#include "src/link/ids.hpp"
#include "src/node/core_event.hpp"
#include "testkit/net/parcel.hpp"

#include <cstddef>
#include <string>

namespace vigil::testkit {

/// One life of one node as the network sees it.
///
/// Thread-safety: none; all of a cluster is one thread. What is posted has its
/// turn later, not within the call, and comes to nothing if the node has ended.
class station {
public:
  virtual ~station() = default;

  virtual life_id id() const noexcept = 0;

  /// Where the node stands under the sky; all its lives share it.
  virtual size_t place() const noexcept = 0;

  /// What the node is called by those who dial it.
  virtual node_name name() const noexcept = 0;

  /// What people call this life.
  virtual std::string label() const = 0;

  virtual bool running() const noexcept = 0;

  /// Returns whether the node does nothing at present, so that it accepts no
  /// connection either.
  virtual bool paused() const noexcept = 0;

  /// Tells the node what became of a dial or a connection.
  virtual void post(core_event x) = 0;

  /// Tells the node what has arrived.
  virtual void
  post_message(connection_id from, session_message x, const frame_mark& mark)
    = 0;

  /// Hands over what an actor of the life `sender` has sent. To be overridden
  /// where there are actors.
  virtual void post_freight(connection_id /*from*/, freight /*x*/,
                            life_id /*sender*/) {
    // nop
  }
};

} // namespace vigil::testkit
