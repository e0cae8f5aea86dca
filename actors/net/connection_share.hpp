#pragma once

#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

namespace vigil {

/// A node's share in the connection between two actor systems. CAF has one for
/// all actors of two programs, so nodes that live in one actor system use it
/// together, and it may be closed only when none of them needs it any more.
///
/// Thread-safety: shares of different nodes may come and go at any time.
class connection_share {
public:
  /// Takes a share in the connection of `system` to `peer`.
  connection_share(caf::actor_system& system, const caf::node_id& peer);

  /// Gives the share back. Closes nothing: see `basp_close_unused`.
  ~connection_share();

  connection_share(const connection_share&) = delete;

  connection_share& operator=(const connection_share&) = delete;

  /// Returns whether somebody has a share in the connection.
  static bool exists(caf::actor_system& system, const caf::node_id& peer);

private:
  caf::actor_system* system_;
  caf::node_id peer_;
};

} // namespace vigil
