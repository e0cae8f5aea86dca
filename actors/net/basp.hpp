#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/result.hpp>
#include "actors/net/tcp_connect.hpp"

#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

#include <cstdint>

namespace vigil {

// CAF's own network protocol, BASP, where its public interface does not reach:
// connections over sockets of our own, and connections that are really closed.

/// Makes a connected socket a connection of `system`'s middleman and returns
/// the actor that the other side publishes, or a local actor if the other side
/// is this system. Takes ownership of `fd`. Blocks the calling thread until
/// `deadline` at the latest; must not be called from an actor that shares its
/// thread. Errors: `closed` if the other side hangs up, `protocol_error` if it
/// speaks something else or publishes nothing, `setup_timeout`, `shutdown`.
result<caf::strong_actor_ptr> basp_connect(caf::actor_system& system, int fd,
                                           uint16_t port, time_point deadline,
                                           cancellation& stop);

/// Closes all connections of `system` to `node`, unless somebody has a
/// `connection_share` in them. Everybody who monitors an actor of that node
/// learns of it. Returns at once; dials that begin later make a new connection.
/// What CAF has not written yet is lost.
void basp_close_unused(caf::actor_system& system, const caf::node_id& node);

} // namespace vigil
