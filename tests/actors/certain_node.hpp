#pragma once

#include <vigil/node.hpp>
#include "actors/net/random_node_id.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/io/middleman.hpp>
#include <caf/node_id.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <utility>

namespace vigil::test {

/// Gives an actor system the id that the test wants, which another one may have
/// as well.
class certain_config : public caf::actor_system_config {
public:
  explicit certain_config(const caf::node_id& id) {
    configure(*this);
    // In the place of the middleman that gives the system a random id.
    module_factories.pop_back();
    load<caf::io::middleman>();
    set_node_id(*this, [id] { return id; });
  }
};

/// A node in an actor system with a certain id.
struct certain_node {
  certain_node(const caf::node_id& id, const node_config& wanted) : config(id) {
    auto attached = node::attach(system, wanted);
    REQUIRE(attached);
    impl = std::move(*attached);
  }

  certain_config config;
  caf::actor_system system{config};
  std::unique_ptr<node> impl;
};

} // namespace vigil::test
