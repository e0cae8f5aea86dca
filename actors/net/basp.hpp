#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/result.hpp>
#include "actors/net/tcp_connect.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

#include <cstdint>
#include <set>
#include <string>

namespace vigil {

// CAF's own network protocol, BASP, where its public interface does not reach:
// connections over sockets of our own, and connections that are really closed.

/// What the other side of a new connection has said first.
struct basp_greeting {
  /// Its id, which another system may have as well.
  caf::node_id node;
  /// The actor that is published there, as far as the id tells: a local actor,
  /// or none, if the id is that of this system.
  caf::strong_actor_ptr published;
  /// The messages that it takes; none if that is not said, as by an actor that
  /// is not typed.
  std::set<std::string> interface;
};

/// Makes a connected socket a connection of `system`'s middleman, unless there
/// is one to that id already. Takes ownership of `fd`. Blocks the calling
/// thread until `deadline` at the latest; must not be called from an actor that
/// shares its thread. Errors: `closed` if the other side hangs up,
/// `protocol_error` if it speaks something else, `setup_timeout`, `shutdown`.
result<basp_greeting> basp_connect(caf::actor_system& system, int fd,
                                   uint16_t port, time_point deadline,
                                   cancellation& stop);

/// Closes all connections of `system` to `node`, unless somebody has a
/// `connection_share` in them. Everybody who monitors an actor of that node
/// learns of it. Returns at once; dials that begin later make a new connection.
/// What CAF has not written yet is lost.
void basp_close_unused(caf::actor_system& system, const caf::node_id& node);

} // namespace vigil
