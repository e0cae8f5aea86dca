#include "actors/net/endpoint.hpp"

#include "actors/random_bits.hpp"
#include "messages/session_caf.hpp"

#include <string>
#include <utility>

namespace vigil {

namespace {

template <class... Ts>
bool is_one_of(const caf::type_erased_tuple& x) {
  return (x.match_elements<Ts>() || ...);
}

error too_many_connections() {
  return {errc::system_limit, "there are "
                                + std::to_string(max_connections_per_program)
                                + " connections with this program already"};
}

} // namespace

caf::actor endpoint::spawn(caf::actor_system& system) {
  // What `actor_system::spawn` does, but for the id.
  caf::actor_config config{system.dummy_execution_unit()};
  auto result = caf::make_actor<endpoint, caf::actor>(
    random_bits() | 1, system.node(), &system, config);
  auto self = caf::actor_cast<caf::abstract_actor*>(result);
  static_cast<endpoint*>(self)->launch(config.host, false, false);
  return result;
}

endpoint::endpoint(caf::actor_config& config) : multiplexed(config) {
  // nop
}

void endpoint::enqueue(caf::mailbox_element_ptr x,
                       caf::execution_unit* context) {
  const auto& content = x->content();
  if (is_one_of<hello, frame, tick, probe, probe_reply, goodbye, goodbye_ack>(
        content)
      || is_one_of<control_plane_hello, dial_outcome, connection_lost,
                   endpoint_stop>(content))
    multiplexed::enqueue(std::move(x), context);
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
      auto known = connection_of(x.peer);
      if (known)
        send(control_plane_, dial_success{x.dial, *known});
      else if (x.peer != nullptr)
        send(control_plane_, dial_failure{x.dial, too_many_connections()});
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
  connections_per_program_.clear();
}

void endpoint::lose(const connection_lost& x) {
  auto i = connections_.find(x.peer.get());
  if (i == connections_.end())
    return;
  send(control_plane_, peer_closed{i->second.id, x.misled});
  auto program = connections_per_program_.find(i->second.peer->node());
  if (--program->second == 0)
    connections_per_program_.erase(program);
  connections_.erase(i);
}

template <class Message>
void endpoint::forward(Message x) {
  const auto& source = current_sender();
  if (!can_be_endpoint(source))
    return;
  if (auto known = connection_of(source))
    send(control_plane_, peer_message{*known, std::move(x)});
}

std::optional<connection_id>
endpoint::connection_of(const caf::strong_actor_ptr& peer) {
  if (peer == nullptr)
    return std::nullopt;
  if (auto i = connections_.find(peer.get()); i != connections_.end())
    return i->second.id;
  auto& count = connections_per_program_[peer->node()];
  if (count >= max_connections_per_program)
    return std::nullopt;
  ++count;
  return open(peer);
}

connection_id endpoint::open(const caf::strong_actor_ptr& peer) {
  connection_id id{++last_connection_};
  connections_.emplace(peer.get(), connection{id, peer});
  send(control_plane_, peer_opened{id, peer});
  // Not `monitor`, whose message another node could send as well. Called at
  // once if the proxy is dead already.
  peer->get()->attach_functor(
    [self = caf::actor_cast<caf::weak_actor_ptr>(ctrl()),
     lost = caf::actor_cast<caf::weak_actor_ptr>(peer)](const caf::error& why) {
      // What CAF says of an actor that it cannot find.
      auto misled = why == caf::exit_reason::unknown;
      if (auto receiver = caf::actor_cast<caf::actor>(self))
        caf::anon_send(receiver, connection_lost{lost, misled});
    });
  return id;
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
