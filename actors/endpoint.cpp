#include "actors/endpoint.hpp"

#include <utility>

namespace vigil {

endpoint::endpoint(caf::actor_config& config) : event_based_actor(config) {
  // nop
}

caf::behavior endpoint::make_behavior() {
  // Whoever can reach this node can send anything here.
  set_default_handler(caf::drop);
  set_down_handler([this](const caf::down_msg& x) {
    auto i = connections_.find(x.source.get());
    if (i == connections_.end())
      return;
    send(control_plane_, peer_closed{i->second.id});
    connections_.erase(i);
  });
  // Knows nobody to report to until the control plane has introduced itself,
  // over a message that cannot come from another node.
  return {
    [this](const control_plane_hello& x) { become(running(x.control_plane)); },
  };
}

caf::behavior endpoint::running(const caf::actor& control_plane) {
  control_plane_ = control_plane;
  return {
    [this](hello& x) { forward(std::move(x)); },
    [this](frame& x) { forward(std::move(x)); },
    [this](tick& x) { forward(std::move(x)); },
    [this](probe& x) { forward(std::move(x)); },
    [this](probe_reply& x) { forward(std::move(x)); },
    [this](goodbye& x) { forward(std::move(x)); },
    [this](goodbye_ack& x) { forward(std::move(x)); },
    [this](const dial_outcome& x) {
      if (x.peer != nullptr)
        send(control_plane_, dial_success{x.dial, connection_of(x.peer)});
      else
        send(control_plane_, dial_failure{x.dial, x.why});
    },
  };
}

template <class Message>
void endpoint::forward(Message x) {
  const auto& source = current_sender();
  if (can_be_endpoint(source))
    send(control_plane_, peer_message{connection_of(source), std::move(x)});
}

connection_id endpoint::connection_of(const caf::strong_actor_ptr& peer) {
  auto [i, added] = connections_.try_emplace(peer.get());
  if (added) {
    i->second = {connection_id{++last_connection_}, peer};
    send(control_plane_, peer_opened{i->second.id, peer});
    // A proxy that is dead already reports so at once.
    monitor(caf::actor_cast<caf::actor_addr>(peer));
  }
  return i->second.id;
}

bool endpoint::can_be_endpoint(const caf::strong_actor_ptr& x) const {
  if (x == nullptr)
    return false;
  if (x->node() != node())
    return true;
  auto local = caf::actor_cast<caf::abstract_actor*>(x);
  return dynamic_cast<const endpoint*>(local) != nullptr;
}

} // namespace vigil
