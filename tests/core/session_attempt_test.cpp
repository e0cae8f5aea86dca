// Attempts to reach a node: how they are repeated, and how they end without a
// session.

#include "tests/core/session_layer_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

using layer_b = session_layer_fixture;

TEST_CASE_FIXTURE(layer_b, "greeting: a failed dial fails the link at once") {
  open(node_a);
  CHECK_LINES(dial_failed(1, errc::unresolvable),
              {"link_failed a unresolvable"});
  CHECK(!layer.next_wake());
  CHECK_LINES(dial_failed(1, errc::unresolvable), {});
  CHECK_LINES(open(node_a), {"dial 2 a"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a dial whose link dies before the hello "
                           "is repeated until the set-up time") {
  auto start = now;
  CHECK_LINES(open(node_a), {"dial 1 a"});
  uint64_t dials = 1;
  lines last;
  while (last.empty()) {
    REQUIRE(dials < 100);
    CHECK(connected(dials, 100 + dials).size() == 1);
    CHECK_LINES(disconnected(100 + dials), {});
    auto woken = wake();
    REQUIRE(woken.size() == 1);
    if (woken[0] == "dial " + std::to_string(++dials) + " a")
      continue;
    last = woken;
  }
  CHECK_LINES(last, {"link_failed a setup_timeout"});
  CHECK(now == start + seconds{7});
  CHECK(dials > 10);
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "greeting: a silent node is given up at the set-up "
                           "time") {
  auto start = now;
  open(node_a);
  connected(1, 1);
  // The hello may have gone into a connection that was being closed.
  CHECK_LINES(wake(), {"hang_up c1"});
  CHECK(now == start + milliseconds{3'500});
  CHECK_LINES(wake(), {"dial 2 a"});
  connected(2, 2);
  CHECK_LINES(wake(), {"link_failed a setup_timeout",
                       "c2 goodbye s2>0 refused/setup_timeout"});
  CHECK(now == start + seconds{7});
  // Nor does it acknowledge.
  CHECK_LINES(wake(), {"hang_up c2"});
  CHECK(now == start + seconds{8});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a dial that never answers is given up at "
                           "the set-up time, and hung up if it does later") {
  open(node_a);
  CHECK_LINES(wake(), {"link_failed a setup_timeout"});
  CHECK_LINES(connected(1, 1), {"hang_up c1"});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "greeting: a stranger who never completes its hello "
                           "is refused at the set-up time") {
  arrive(1, greeting(node_a, 100));
  CHECK_LINES(wake(), {"c1 goodbye s1>100 refused/setup_timeout"});
  CHECK_LINES(wake(), {"hang_up c1"});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "greeting: a link that is wanted after the peer has "
                           "begun waits for its own set-up time, without "
                           "waking in between") {
  auto start = now;
  arrive(1, greeting(node_a, 100));
  now = start + seconds{3};
  CHECK_LINES(open(node_a), {});
  // `wake` checks that the next time is not in the past.
  CHECK_LINES(until(start + seconds{10}),
              {"link_failed a setup_timeout",
               "c1 goodbye s1>100 refused/setup_timeout"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: refused as already connected, a dial is "
                           "repeated, and tells why at the end") {
  auto start = now;
  open(node_a);
  connected(1, 1);
  CHECK_LINES(
    arrive(1, goodbye{pair(100, 1),
                      {down_cause::refused, errc::already_connected, {}}}),
    {"c1 goodbye_ack s1>100"});
  CHECK_LINES(disconnected(1), {});
  CHECK_LINES(wake(), {"dial 2 a"});
  CHECK_LINES(wake(), {"link_failed a already_connected"});
  CHECK(now == start + seconds{7});
}

TEST_CASE(
  "greeting: refused as already connected by a node that hears no more, "
  "a dial is repeated within the set-up time, however short that is") {
  auto config = config_of(node_b);
  config.setup_time = milliseconds{600};
  layer_b b{config};
  auto start = b.now;
  b.open(node_a);
  b.connected(1, 1);
  // What b answers is lost with its socket, and nobody closes the connection.
  b.arrive(1, goodbye{b.pair(100, 1),
                      {down_cause::refused, errc::already_connected, {}}});
  CHECK_LINES(b.wake(), {"hang_up c1"});
  CHECK_LINES(b.wake(), {"dial 2 a"});
  CHECK(b.now < start + config.setup_time / 2);
  b.connected(2, 2);
  CHECK_LINES(b.arrive(2, b.greeting(node_a, 101, 2)),
              {"link_up a 1", "c2 hello s2>101 b"});
}

TEST_CASE("greeting: a link that is opened while the old one is leaving is "
          "dialled within the set-up time, however short that is") {
  auto config = config_of(node_b);
  config.setup_time = milliseconds{600};
  layer_b b{config};
  b.up(node_a, 1, 100);
  b.close(node_a);
  auto start = b.now;
  b.open(node_a);
  CHECK_LINES(b.wake(), {"hang_up c1"});
  CHECK_LINES(b.wake(), {"dial 1 a"});
  CHECK(b.now < start + config.setup_time / 2);
}

TEST_CASE_FIXTURE(layer_b, "greeting: refused for any other reason, a dial is "
                           "not repeated") {
  open(node_a);
  connected(1, 1);
  CHECK_LINES(arrive(1,
                     goodbye{pair(100, 1),
                             {down_cause::refused, errc::duplicate_name, {}}}),
              {"link_failed a duplicate_name", "c1 goodbye_ack s1>100"});
  CHECK_LINES(wake(), {"hang_up c1"});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "greeting: a disconnect ends an attempt at any "
                           "stage") {
  open(node_a);
  CHECK_LINES(close(node_a), {"link_failed a no_connection"});
  CHECK_LINES(close(node_a), {});
  CHECK_LINES(open(node_a), {"dial 2 a"});
  connected(2, 2);
  CHECK_LINES(close(node_a), {"link_failed a no_connection",
                              "c2 goodbye s1>0 requested/no_connection"});
}
