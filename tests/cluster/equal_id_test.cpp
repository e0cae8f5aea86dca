// A node dies without a sign, and another one has the id of its actor system:
// by chance that does not happen any more, but a test can arrange it.

#include <vigil/literals.hpp>
#include "actors/net/random_node_id.hpp"
#include "tests/actors/certain_node.hpp"
#include "tests/cluster/cluster.hpp"
#include "tests/cluster/relay.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace vigil;
using namespace vigil::test;

namespace {

node_config silent(node_name name) {
  node_config result;
  result.name = name;
  result.log = nullptr;
  return result;
}

} // namespace

TEST_CASE("a node whose system has the id of one that died without a sign is "
          "reached once that one is lost, within the set-up time") {
  auto id = random_node_id();
  certain_node ghost{id, silent("ghost@127.0.0.1"_node)};
  certain_node heir{id, silent("heir@127.0.0.1"_node)};
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
