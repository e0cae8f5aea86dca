#include "testkit/actors/life_node.hpp"

#include "testkit/actors/actor_life.hpp"

namespace vigil::testkit {

void life_node::stop() {
  home_.stop(life_);
}

node_name life_node::name() const noexcept {
  return life_.front()->self;
}

creation life_node::life() const noexcept {
  return life_.front()->life;
}

uint16_t life_node::port() const noexcept {
  return 0;
}

const std::shared_ptr<front_state>& life_node::front() const noexcept {
  return life_.front();
}

process_registry& life_node::registry() noexcept {
  return life_.registry();
}

static_resolver& life_node::table() noexcept {
  return life_.addresses();
}

const control_plane_handle& life_node::handle() const noexcept {
  return life_.control_plane();
}

caf::actor_system& life_node::system() noexcept {
  return life_.system();
}

} // namespace vigil::testkit
