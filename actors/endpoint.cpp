#include "actors/endpoint.hpp"

#include <utility>

namespace vigil {

namespace {

template <class... Ts>
bool is_one_of(const caf::type_erased_tuple& x) {
  return (x.match_elements<Ts>() || ...);
}

} // namespace

endpoint::endpoint(caf::actor_config& config) : event_based_actor(config) {
  // nop
}

void endpoint::enqueue(caf::mailbox_element_ptr x,
                       caf::execution_unit* context) {
  const auto& content = x->content();
  if (is_one_of<hello, frame, tick, probe, probe_reply, goodbye, goodbye_ack>(
        content)
      || is_one_of<control_plane_hello, dial_outcome, connection_lost,
                   endpoint_stop>(content))
    event_based_actor::enqueue(std::move(x), context);
}

caf::behavior endpoint::make_behavior() {
  set_default_handler(caf::drop);
  // Knows nobody to report to until the control plane has introduced itself,
  // over a message that cannot come from another node.
  return {
    [this](const control_plane_hello& x) { become(running(x.control_plane)); },
    [this](const endpoint_stop&) { quit(); },
  };
}

caf::behavior endpoint::running(const caf::actor& control_plane) {
  control_plane_ = control_plane;
  return {
    [this](hello& x) { forward(std::move(x)); },
    [this](frame& x) { forward(std::move(x)); },
    [this](const tick& x) { forward(x); },
    [this](const probe& x) { forward(x); },
    [this](const probe_reply& x) { forward(x); },
    [this](goodbye& x) { forward(std::move(x)); },
    [this](const goodbye_ack& x) { forward(x); },
    [this](const dial_outcome& x) {
      if (x.peer != nullptr)
        send(control_plane_, dial_success{x.dial, connection_of(x.peer)});
      else
        send(control_plane_, dial_failure{x.dial, x.why});
    },
    [this](const connection_lost& x) { lose(x); },
    [this](const endpoint_stop&) { quit(); },
  };
}

void endpoint::on_exit() {
  // The control plane and other endpoints hold this actor in turn.
  control_plane_ = nullptr;
  connections_.clear();
}

void endpoint::lose(const connection_lost& x) {
  auto i = connections_.find(x.peer.get());
  if (i == connections_.end())
    return;
  send(control_plane_, peer_closed{i->second.id});
  connections_.erase(i);
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
    // Not `monitor`, whose message another node could send as well. Called at
    // once if the proxy is dead already.
    peer->get()->attach_functor(
      [self = caf::actor_cast<caf::weak_actor_ptr>(ctrl()),
       lost = caf::actor_cast<caf::weak_actor_ptr>(peer)] {
        if (auto home = caf::actor_cast<caf::actor>(self))
          caf::anon_send(home, connection_lost{lost});
      });
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
