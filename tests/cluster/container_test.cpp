// Nodes that CAF's own ids would not tell from each other: each process 1 of
// its container, on one network or on two with equal hardware addresses.

#include "tests/cluster/cluster.hpp"
#include "tests/cluster/network_namespace.hpp"
#include "tools/demo/child_process.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Returns whether nodes can be put in containers here; says so if not.
bool have_containers() {
  auto program = child_process::start(VIGIL_IN_CONTAINER, {"--version"});
  if (program
      && program->wait(child_process::clock::now() + node_client::patience)
           == 0)
    return true;
  MESSAGE("SKIPPED: process-number namespaces need root and unshare");
  return false;
}

std::unique_ptr<test_node>
start_in_container(const std::string& name,
                   const std::string& host = test_node::default_host) {
  return std::make_unique<test_node>(name, test_node::options{}, host,
                                     VIGIL_IN_CONTAINER);
}

/// Requires that each of two nodes watches the other and hears the truth.
void check_both_ways(test_node& x, test_node& y) {
  x.connect(y);
  for (auto [here, there] : {std::pair{&x, &y}, std::pair{&y, &x}}) {
    auto watcher = here->ok("spawn");
    auto target = there->ok("spawn");
    auto ref = here->monitor(watcher, target);
    there->exit(target, "true_reason");
    here->sees_down(watcher, ref, target, "true_reason");
  }
}

/// Two networks whose hosts have the same hardware address, and a router.
class twin_networks {
public:
  static constexpr const char* left_host = "10.86.1.2";
  static constexpr const char* right_host = "10.86.2.2";

  /// Returns nothing where that is not allowed, and says so.
  static std::optional<twin_networks> make() {
    auto left = network_namespace::make();
    auto right = network_namespace::make();
    auto router = network_namespace::make();
    if (!left || !right || !router
        || !left->try_ip("link add eth0 type veth peer name left netns "
                         + router->path())
        || !right->try_ip("link add eth0 type veth peer name right netns "
                          + router->path())) {
      MESSAGE("SKIPPED: network namespaces need root, iproute2, and veth");
      return std::nullopt;
    }
    {
      network_namespace::scope inside{*router};
      std::ofstream{"/proc/sys/net/ipv4/ip_forward"} << 1;
    }
    router->ip("address add 10.86.1.1/24 dev left");
    router->ip("address add 10.86.2.1/24 dev right");
    router->ip("link set left up");
    router->ip("link set right up");
    settle(*left, left_host, "10.86.1.1");
    settle(*right, right_host, "10.86.2.1");
    return twin_networks{std::move(*left), std::move(*right),
                         std::move(*router)};
  }

  network_namespace left;
  network_namespace right;
  network_namespace router;

private:
  twin_networks(network_namespace x, network_namespace y, network_namespace z)
    : left(std::move(x)),
      right(std::move(y)),
      router(std::move(z)) {
    // nop
  }

  static void settle(const network_namespace& x, const std::string& host,
                     const std::string& gateway) {
    x.ip("link set eth0 address 02:42:ac:11:00:02");
    x.ip("address add " + host + "/24 dev eth0");
    x.ip("link set eth0 up");
    x.ip("route add default via " + gateway);
  }
};

} // namespace

TEST_CASE("nodes that are process 1 of their containers on one network reach "
          "each other, and a third node both") {
  if (!have_containers())
    return;
  auto alpha = start_in_container("alpha");
  auto bravo = start_in_container("bravo");
  auto charlie = start_in_container("charlie");
  check_both_ways(*alpha, *bravo);
  check_both_ways(*charlie, *alpha);
  check_both_ways(*charlie, *bravo);
  for (auto* x : {&alpha, &bravo, &charlie})
    CHECK((*x)->quit().empty());
}

TEST_CASE(
  "nodes that are process 1 of containers with equal hardware addresses "
  "reach each other") {
  auto networks = twin_networks::make();
  if (!networks || !have_containers())
    return;
  std::unique_ptr<test_node> alpha;
  std::unique_ptr<test_node> bravo;
  {
    network_namespace::scope inside{networks->left};
    alpha = start_in_container("alpha", twin_networks::left_host);
  }
  {
    network_namespace::scope inside{networks->right};
    bravo = start_in_container("bravo", twin_networks::right_host);
  }
  check_both_ways(*alpha, *bravo);
  CHECK(alpha->quit().empty());
  CHECK(bravo->quit().empty());
}
