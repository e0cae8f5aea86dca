#pragma once

#include <vigil/node.hpp>
#include "actors/net/random_node_id.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/io/middleman.hpp>
#include <caf/node_id.hpp>

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

} // namespace vigil::test
