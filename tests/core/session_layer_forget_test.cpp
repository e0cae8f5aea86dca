// What node b remembers of its peers, and for how long.

#include "tests/core/session_layer_fixture.hpp"

#include <string>

using namespace vigil;
using namespace vigil::test;

using layer_b = session_layer_fixture;

TEST_CASE_FIXTURE(layer_b, "forgetting: a peer is forgotten when its last "
                           "connection has ended and its loss is over") {
  settle_at_once = false;
  up(node_a, 1, 100);
  CHECK(layer.num_peers() == 1);
  CHECK_LINES(close(node_a), {"link_down a requested",
                              "c1 goodbye s1>100 requested/no_connection"});
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {"hang_up c1"});
  CHECK(layer.num_peers() == 1);
  layer.loss_done(node_a);
  CHECK_LINES(finish(), {});
  CHECK(layer.num_peers() == 0);
  CHECK(layer.next_wake() == std::nullopt);
}

TEST_CASE_FIXTURE(layer_b,
                  "forgetting: of a stranger that is refused, or never "
                  "completes its greeting, nothing stays") {
  auto x = greeting(node_a, 100);
  x.highest_version = x.lowest_version = 99;
  arrive(1, x);
  CHECK(layer.num_peers() == 0);
  arrive(2, greeting(node_c, 100));
  CHECK(layer.num_peers() == 1);
  CHECK_LINES(until(now + seconds{7}),
              {"hang_up c1", "c2 goodbye s2>100 refused/setup_timeout"});
  CHECK_LINES(until(now + seconds{1}), {"hang_up c2"});
  CHECK(layer.num_peers() == 0);
  CHECK(layer.next_wake() == std::nullopt);
}

TEST_CASE_FIXTURE(layer_b, "forgetting: an attempt that failed leaves nothing, "
                           "and a dial that ends later finds nobody") {
  CHECK_LINES(open(node_a), {"dial 1 a"});
  CHECK_LINES(open(node_c), {"dial 2 c"});
  CHECK_LINES(until(now + seconds{7}),
              {"link_failed a setup_timeout", "link_failed c setup_timeout"});
  CHECK(layer.num_peers() == 0);
  CHECK_LINES(connected(1, 1), {"hang_up c1"});
  CHECK_LINES(dial_failed(2, errc::refused), {});
  CHECK(layer.num_peers() == 0);
}

TEST_CASE_FIXTURE(layer_b, "forgetting: a dial that ends after its peer was "
                           "forgotten does not disturb the next attempt") {
  open(node_a);
  CHECK_LINES(close(node_a), {"link_failed a no_connection"});
  CHECK(layer.num_peers() == 0);
  CHECK_LINES(open(node_a), {"dial 2 a"});
  CHECK_LINES(dial_failed(1, errc::refused), {});
  CHECK_LINES(connected(2, 1), {"c1 hello s1>0 b"});
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1)),
              {"link_up a 1", "c1 hello s1>100 b"});
}

TEST_CASE_FIXTURE(layer_b, "forgetting: a peer with a dial under way is "
                           "remembered until the dial ends") {
  open(node_a);
  up(node_a, 1, 100);
  disconnected(1);
  CHECK(layer.num_peers() == 1);
  CHECK_LINES(connected(1, 2), {"hang_up c2"});
  CHECK(layer.num_peers() == 0);
}

TEST_CASE_FIXTURE(layer_b, "forgetting: a link that is to stay up is "
                           "remembered, until it is given up") {
  open(node_a, true);
  CHECK_LINES(dial_failed(1, errc::refused), {"link_failed a refused"});
  CHECK(layer.num_peers() == 1);
  CHECK_LINES(wake(), {"dial 2 a"});
  CHECK_LINES(dial_failed(2, errc::refused), {"link_failed a refused"});
  CHECK_LINES(close(node_a), {});
  CHECK(layer.num_peers() == 0);
  CHECK(layer.next_wake() == std::nullopt);
}

TEST_CASE_FIXTURE(layer_b, "forgetting: to ask about a node, or to part from "
                           "one that is not there, leaves nothing") {
  CHECK_LINES(network(event::sync{node_a, 1}), {"synced 1 never"});
  CHECK_LINES(close(node_a), {});
  layer.loss_done(node_a);
  CHECK_LINES(finish(), {});
  CHECK(layer.num_peers() == 0);
  // Who waits for a session keeps it in mind.
  open(node_a);
  CHECK_LINES(network(event::sync{node_a, 2}), {});
  CHECK(layer.num_peers() == 1);
}

TEST_CASE_FIXTURE(layer_b, "forgetting: a node that was late finds nobody "
                           "waiting for a probe who is gone") {
  up(node_a, 1, 100);
  CHECK(arrive(2, greeting(node_a, 101, 0, 1)).size() == 1);
  disconnected(2);
  disconnected(1);
  CHECK(layer.num_peers() == 0);
  up(node_c, 3, 300);
  CHECK(layer.next_wake());
  now = *layer.next_wake() + seconds{1};
  CHECK_LINES(network(event::timer{}), {"c3 tick s2>300 ack 0"});
}

TEST_CASE_FIXTURE(layer_b, "forgetting: peers that come under ever new names "
                           "are counted, and not remembered") {
  auto known = node_name::num_names();
  for (uint64_t i = 1; i <= 900; ++i) {
    auto name = node_name::parse("passer-by" + std::to_string(i) + "@far");
    REQUIRE(name);
    // All over one connection, each in the place of the one before.
    auto x = greeting(*name, i);
    arrive(1, x);
    x.numbers.receiver = printer.own(static_cast<size_t>(i));
    auto told = arrive(1, x);
    CHECK(told.front().substr(0, 7) == "link_up");
    CHECK(layer.num_peers() == 1);
  }
  CHECK(node_name::num_names() == known + 900);
  disconnected(1);
  CHECK(layer.num_peers() == 0);
  CHECK(layer.counters().sessions == 900);
  CHECK(layer.next_wake() == std::nullopt);
}
