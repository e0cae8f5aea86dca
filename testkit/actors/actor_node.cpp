#include <vigil/testkit/actor_node.hpp>

#include <vigil/testkit/cluster.hpp>
#include <vigil/testkit/failure.hpp>
#include "testkit/actors/actor_life.hpp"
#include "testkit/cluster_impl.hpp"
#include "testkit/node_place.hpp"

#include <memory>
#include <utility>

namespace vigil::testkit {

namespace {

actor_life& life_of(const node_place& x) {
  return static_cast<actor_life&>(x.life());
}

} // namespace

actor_node& cluster::start_actors(
  node_name name, node_config config,
  std::function<void(caf::actor_system_config&)> configure) {
  auto make = [this, configure = std::move(configure)](node_place& x,
                                                       size_t which) {
    return std::make_unique<actor_life>(impl_, x, which, configure);
  };
  auto& place = impl_.add(name, std::move(config), make);
  return impl_.keep(std::make_shared<actor_node>(place));
}

node_name actor_node::name() const noexcept {
  return place_.name();
}

vigil::node& actor_node::node() const {
  return life_of(place_).node();
}

error actor_node::ask(std::function<void(caf::event_based_actor*)> begin,
                      const std::function<bool()>& done, timespan limit) {
  return life_of(place_).ask(std::move(begin), done, limit);
}

caf::strong_actor_ptr actor_node::remote_actor(const caf::strong_actor_ptr& x) {
  return life_of(place_).remote(x);
}

} // namespace vigil::testkit
