#pragma once

#include "actors/net/connection_share.hpp"
#include "actors/net/network_port.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "absl/container/flat_hash_map.h"

#include <memory>

namespace vigil {

/// Reaches other nodes over CAF's middleman: dials by the connector, sends as
/// the endpoint, to the proxies of other endpoints.
class endpoint_network final : public network_port {
public:
  /// The system outlives this object.
  endpoint_network(caf::actor_system& system, caf::actor endpoint,
                   caf::actor connector);

  void dial(const effect::dial& x) override;
  void transmit(effect::transmit& x) override;
  void hang_up(const effect::hang_up& x) override;
  void opened(connection_id x, caf::strong_actor_ptr peer) override;
  void closed(connection_id x) override;

private:
  struct connection {
    caf::strong_actor_ptr peer;
    /// From the node's hello until it hangs up.
    std::unique_ptr<connection_share> share;
  };

  caf::actor_system& system_;
  caf::actor endpoint_;
  caf::actor connector_;
  absl::flat_hash_map<connection_id, connection> connections_;
};

} // namespace vigil
