#include "actors/net/endpoint_network.hpp"

#include "actors/net/basp.hpp"
#include "actors/net/network_messages.hpp"
#include "messages/session_caf.hpp"

#include <caf/send.hpp>

#include <utility>
#include <variant>

namespace vigil {

endpoint_network::endpoint_network(caf::actor_system& system,
                                   caf::actor endpoint, caf::actor connector)
  : system_(system),
    endpoint_(std::move(endpoint)),
    connector_(std::move(connector)) {
  // nop
}

void endpoint_network::dial(const effect::dial& x) {
  caf::anon_send(connector_, dial_order{x.dial, x.peer, x.deadline});
}

void endpoint_network::transmit(effect::transmit& x) {
  auto i = connections_.find(x.connection);
  // One that is gone has been reported, or will be, by the endpoint.
  if (i == connections_.end())
    return;
  auto& [peer_ptr, share] = i->second;
  // Only who says hello wants a session; a refusal or a goodbye to a stranger
  // must not keep a connection open.
  if (share == nullptr && std::holds_alternative<hello>(x.message))
    share = std::make_unique<connection_share>(system_, peer_ptr->node());
  auto peer = caf::actor_cast<caf::actor>(peer_ptr);
  std::visit(
    [&](auto& message) { caf::send_as(endpoint_, peer, std::move(message)); },
    x.message);
}

void endpoint_network::hang_up(const effect::hang_up& x) {
  auto i = connections_.find(x.connection);
  if (i == connections_.end())
    return;
  i->second.share.reset();
  basp_close_unused(system_, i->second.peer->node());
}

void endpoint_network::opened(connection_id x, caf::strong_actor_ptr peer) {
  connections_[x].peer = std::move(peer);
}

void endpoint_network::closed(connection_id x) {
  connections_.erase(x);
}

} // namespace vigil
