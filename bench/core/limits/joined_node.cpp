#include "bench/core/limits/joined_node.hpp"

#include <utility>

namespace vigil::bench {

namespace {

/// Two nodes have one connection at a time.
constexpr connection_id the_connection{1};

session_config config_of(node_name self, creation life) {
  session_config result;
  result.self = self;
  result.life = life;
  result.being = {to_integer(life), to_integer(life)};
  result.seed = to_integer(life);
  return result;
}

} // namespace

joined_node::joined_node(node_name self, creation life, down_check& downs)
  : core_(config_of(self, life)),
    downs_(downs) {
  // nop
}

void joined_node::take(const core_event& what) {
  step([&] { core_.apply(what, *this, effects_); });
}

bool joined_node::take_turn() {
  if (queue_.empty())
    return false;
  auto next = std::move(queue_.front());
  queue_.pop_front();
  take(next);
  return true;
}

void joined_node::lose_connection() {
  take(event::disconnected{the_connection});
}

void joined_node::execute_all() {
  effects_.for_each([this](auto& x) { execute(x); });
  effects_.clear();
}

void joined_node::execute(effect::deliver_downs& x) {
  for (auto i = x.first; i != x.first + x.count; ++i)
    downs_.take(i->message.ref, i->message.reason);
}

void joined_node::execute(effect::yield&) {
  queue_.emplace_back(event::resume{});
}

void joined_node::execute(effect::dial& x) {
  queue_.emplace_back(event::connected{x.dial, the_connection});
}

void joined_node::execute(effect::transmit& x) {
  peer_->queue_.emplace_back(
    event::arrived{the_connection, std::move(x.message)});
}

void settle(joined_node& x, joined_node& y) {
  for (auto busy = true; busy;) {
    busy = x.take_turn();
    busy = y.take_turn() || busy;
  }
}

} // namespace vigil::bench
