// A node dies without a sign, and another one has the id of its actor system:
// by chance that does not happen any more, but a test can arrange it.

#include "actors/net/random_node_id.hpp"
#include "tests/actors/certain_config.hpp"
#include "tests/cluster/cluster.hpp"
#include "tests/cluster/relay.hpp"

#include <caf/actor_system.hpp>

#include <doctest/doctest.h>

#include <memory>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A node of this program in a system with a certain id.
struct certain_node {
  certain_node(const caf::node_id& id, const char* name) : config(id) {
    node_config wanted;
    wanted.name = *node_name::parse(name);
    wanted.log = nullptr;
    auto attached = node::attach(system, wanted);
    REQUIRE(attached);
    impl = std::move(*attached);
  }

  certain_config config;
  caf::actor_system system{config};
  std::unique_ptr<node> impl;
};

} // namespace

TEST_CASE("a node whose system has the id of one that died without a sign is "
          "reached once that one is lost, within the set-up time") {
  auto id = random_node_id();
  certain_node ghost{id, "ghost@127.0.0.1"};
  certain_node heir{id, "heir@127.0.0.1"};
  relay link{ghost.impl->port()};
  test_node alpha{"alpha", {"--net-ticktime=1s", "--net-setuptime=6s"}};
  alpha.ok("connect ghost@127.0.0.1 " + link.address());
  alpha.sees("nodeup ghost@127.0.0.1");
  link.stall();
  alpha.ok("connect heir@127.0.0.1 127.0.0.1:"
           + std::to_string(heir.impl->port()));
  alpha.sees("nodedown ghost@127.0.0.1 net_tick_timeout");
  alpha.sees("nodeup heir@127.0.0.1");
  CHECK(alpha.ok("nodes") == "heir@127.0.0.1");
  CHECK(alpha.quit().empty());
}
