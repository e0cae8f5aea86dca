// Two real nodes on networks of their own, with a cable between them. Pulling
// it closes nothing: both nodes see only silence.

#include "tests/cluster/cluster.hpp"
#include "tests/cluster/fair_stopwatch.hpp"
#include "tests/cluster/mutual_watch.hpp"
#include "tests/cluster/network_namespace.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr auto tick_time = 1000ms;

/// Longer than TCP takes to try for the third time, 3 s after the first.
constexpr auto setup_time = 4000ms;

const std::string left_host = "10.86.0.1";
const std::string right_host = "10.86.0.2";

/// Two networks and a cable.
struct two_networks {
  network_namespace left;
  network_namespace right;
};

/// Returns the networks, or says that there are none. ctest knows the words.
std::optional<two_networks> make_networks() {
  auto left = network_namespace::make();
  auto right = network_namespace::make();
  if (!left || !right
      || !left->try_ip("link add cable type veth peer name cable netns "
                       + right->path())) {
    MESSAGE("SKIPPED: network namespaces need root, iproute2, and veth");
    return std::nullopt;
  }
  left->ip("address add " + left_host + "/24 dev cable");
  right->ip("address add " + right_host + "/24 dev cable");
  for (auto* end : {&*left, &*right})
    end->ip("link set cable up");
  return two_networks{std::move(*left), std::move(*right)};
}

/// How the networks are cut off from each other, and put together again.
struct cut {
  std::string name;
  void (*make)(const two_networks&);
  void (*heal)(const two_networks&);
};

const cut pulled_here{
  "the cable is pulled at the watcher's side",
  [](const two_networks& x) { x.left.ip("link set cable down"); },
  [](const two_networks& x) { x.left.ip("link set cable up"); },
};

const cut pulled_there{
  "the cable is pulled at the other side",
  [](const two_networks& x) { x.right.ip("link set cable down"); },
  [](const two_networks& x) { x.right.ip("link set cable up"); },
};

const cut no_routes{
  "the routes are dropped",
  [](const two_networks& x) {
    for (const auto* end : {&x.left, &x.right})
      end->ip("route del 10.86.0.0/24 dev cable");
  },
  [](const two_networks& x) {
    for (const auto* end : {&x.left, &x.right})
      end->ip("route add 10.86.0.0/24 dev cable");
  },
};

const cut black_hole{
  "the routes lead nowhere",
  [](const two_networks& x) {
    x.left.ip("route add blackhole " + right_host);
    x.right.ip("route add blackhole " + left_host);
  },
  [](const two_networks& x) {
    x.left.ip("route del blackhole " + right_host);
    x.right.ip("route del blackhole " + left_host);
  },
};

// As seen by a host whose own cable is fine: nobody says that nothing arrives.
const cut swallowed{
  "everything is swallowed on its way",
  [](const two_networks& x) {
    auto nobody = " lladdr 02:00:00:00:00:66 dev cable nud permanent";
    x.left.ip("neigh replace " + right_host + nobody);
    x.right.ip("neigh replace " + left_host + nobody);
  },
  [](const two_networks& x) {
    x.left.ip("neigh del " + right_host + " dev cable");
    x.right.ip("neigh del " + left_host + " dev cable");
  },
};

/// A node on each network; alpha, on the left, knows where bravo is.
struct distant_pair {
  explicit distant_pair(const two_networks& networks,
                        const std::string& patience_of_bravo = "1s",
                        const std::string& setup_time_of_alpha = "3s")
    : bravo(start(networks.right, "bravo", right_host,
                  {"--net-ticktime=" + patience_of_bravo})),
      alpha(
        start(networks.left, "alpha", left_host,
              {"--net-ticktime=1s", "--net-setuptime=" + setup_time_of_alpha,
               "--peer=bravo@" + bravo->address()})) {
    // nop
  }

  static std::unique_ptr<test_node>
  start(const network_namespace& where, const std::string& name,
        const std::string& host, const test_node::options& options) {
    network_namespace::scope inside{where};
    return std::make_unique<test_node>(name, options, host);
  }

  void connect() {
    alpha->ok("connect " + bravo->name());
    alpha->sees("nodeup " + bravo->name());
    bravo->sees("nodeup " + alpha->name());
  }

  fair_stopwatch stopwatch() const {
    return fair_stopwatch{{alpha.get(), bravo.get()}};
  }

  std::unique_ptr<test_node> bravo;
  std::unique_ptr<test_node> alpha;
};

} // namespace

TEST_CASE("a cut that closes nothing: both sides know within the tick time "
          "plus a quarter, and work again once it heals") {
  auto networks = make_networks();
  if (!networks)
    return;
  distant_pair nodes{*networks};
  nodes.connect();
  for (const auto* fault :
       {&pulled_here, &pulled_there, &no_routes, &black_hole, &swallowed}) {
    CAPTURE(fault->name);
    mutual_watch watch{*nodes.alpha, *nodes.bravo};
    auto before_last_word = watch.speak();
    fault->make(*networks);
    auto since_cut = nodes.stopwatch();
    watch.sees_loss("net_tick_timeout");
    for (auto down : {watch.first_down, watch.second_down}) {
      // Not at a whim either.
      CHECK(down - before_last_word >= tick_time);
      since_cut.check_within(fault->name, tick_time * 5 / 4, down);
    }
    fault->heal(*networks);
    auto since_healed = nodes.stopwatch();
    watch.works();
    since_healed.check_within("works again", setup_time);
    nodes.bravo->sees("nodeup " + nodes.alpha->name());
  }
  CHECK(nodes.alpha->quit().empty());
  CHECK(nodes.bravo->quit().empty());
}

TEST_CASE("a cut that closes nothing, for long: both sides work again within "
          "the set-up time, not when TCP tries again") {
  auto networks = make_networks();
  if (!networks)
    return;
  distant_pair nodes{*networks};
  nodes.connect();
  mutual_watch watch{*nodes.alpha, *nodes.bravo};
  swallowed.make(*networks);
  watch.sees_loss("net_tick_timeout");
  // TCP repeats a segment after 0.2 s, 0.4 s, and so on; those of 0.2 s to 3.2
  // s are lost, and the next one, after 6.4 s, is more than the set-up time
  // away.
  nodes.alpha->does_not_see("node", 6s);
  swallowed.heal(*networks);
  auto since_healed = nodes.stopwatch();
  watch.works();
  since_healed.check_within("works again", setup_time);
  nodes.bravo->sees("nodeup " + nodes.alpha->name());
  watch.finish();
}

TEST_CASE("a cut that closes nothing: a side that did not notice is down when "
          "the other dials again") {
  auto networks = make_networks();
  if (!networks)
    return;
  // Bravo does not notice, and alpha dials until long after the cut has healed.
  distant_pair nodes{*networks, "1h", "15s"};
  nodes.connect();
  mutual_watch watch{*nodes.alpha, *nodes.bravo};
  swallowed.make(*networks);
  nodes.alpha->sees_down(watch.here, watch.outward, watch.there,
                         "noconnection");
  nodes.alpha->sees("nodedown " + nodes.bravo->name() + " net_tick_timeout");
  auto db = nodes.bravo->ok("spawn");
  auto ref = nodes.alpha->request_monitor(watch.here, db);
  // A node dials again once it has closed the connection that it gave up; the
  // other side cannot hear of it.
  nodes.alpha->await_counter("dials", 2);
  nodes.bravo->does_not_see("nodedown", 100ms);
  swallowed.heal(*networks);
  auto since_healed = nodes.stopwatch();
  nodes.bravo->await_answer("monitored_by " + db, watch.here);
  since_healed.check_within("works again", setup_time);
  nodes.bravo->exit(db, "true");
  nodes.alpha->sees_down(watch.here, ref, db, "true");
  nodes.bravo->sees_down(watch.there, watch.backward, watch.here,
                         "noconnection");
  // The goodbye that TCP still repeats may come before the probe's answer.
  auto down = "nodedown " + nodes.alpha->name();
  REQUIRE(nodes.bravo->client().take_event([&](const auto& line) {
    return line == down + " closed" || line == down + " net_tick_timeout";
  }));
  nodes.bravo->sees("nodeup " + nodes.alpha->name());
  CHECK(nodes.alpha->quit().empty());
  CHECK(nodes.bravo->quit().empty());
}

TEST_CASE("a cut during a dial: the dial fails within the set-up time, or "
          "succeeds if the cut heals before") {
  auto networks = make_networks();
  if (!networks)
    return;
  {
    distant_pair nodes{*networks};
    auto watcher = nodes.alpha->ok("spawn");
    auto object = nodes.bravo->named("db");
    for (const auto* fault :
         {&pulled_here, &pulled_there, &no_routes, &swallowed}) {
      CAPTURE(fault->name);
      fault->make(*networks);
      auto since_dial = nodes.stopwatch();
      auto ref = nodes.alpha->request_monitor(watcher, object);
      nodes.alpha->sees_down(watcher, ref, object, "noconnection");
      since_dial.check_within(fault->name, setup_time);
      fault->heal(*networks);
    }
  }
  // TCP tries again after 1 s, 3 s, and so on.
  distant_pair nodes{*networks, "1s", "15s"};
  auto watcher = nodes.alpha->ok("spawn");
  auto object = nodes.bravo->named("db");
  auto db = nodes.bravo->ok("spawn db");
  swallowed.make(*networks);
  auto ref = nodes.alpha->request_monitor(watcher, object);
  nodes.alpha->await_counter("dials", 1);
  nodes.alpha->does_not_see("down", 500ms);
  swallowed.heal(*networks);
  nodes.bravo->await_answer("monitored_by " + db, watcher);
  nodes.bravo->exit(db, "true");
  nodes.alpha->sees_down(watcher, ref, object, "true");
  CHECK(nodes.alpha->quit().empty());
  CHECK(nodes.bravo->quit().empty());
}
