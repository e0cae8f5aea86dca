// How node b becomes acquainted with others, or refuses to. Peers are played by
// the test: a is smaller than b, c is greater, which matters where two nodes
// dial each other at once.

#include "tests/core/session_layer_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

using layer_b = session_layer_fixture;

TEST_CASE_FIXTURE(layer_b, "greeting: a dial leads to three hellos") {
  CHECK_LINES(open(node_a), {"dial 1 a"});
  CHECK_LINES(open(node_a), {});
  CHECK_LINES(connected(1, 1), {"c1 hello s1>0 b"});
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1)),
              {"link_up a 1", "c1 hello s1>100 b"});
  CHECK_LINES(open(node_a), {});
  CHECK(layer.counters().sessions == 1);
}

TEST_CASE_FIXTURE(layer_b, "greeting: the dialled side is up with the third") {
  CHECK_LINES(arrive(1, greeting(node_a, 100)), {"c1 hello s1>100 b"});
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: the link_up tells the creation of the "
                           "hello") {
  arrive(1, greeting(node_a, 100, 0, 0, creation{77}));
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1, 0, creation{77})),
              {"link_up a 77"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a hello that echoes another number does "
                           "not bring the session up") {
  arrive(1, greeting(node_a, 100));
  auto x = greeting(node_a, 100);
  x.numbers.receiver = session_number{999};
  CHECK_LINES(arrive(1, x), {});
  CHECK(layer.counters().stale == 1);
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: unknown trailing fields and features, "
                           "and a wider range of versions, are no objection") {
  auto x = greeting(node_a, 100);
  x.trailing = "from the future";
  x.features = UINT64_MAX;
  x.highest_version = 99;
  CHECK_LINES(arrive(1, x), {"c1 hello s1>100 b"});
}

// -- objections ---------------------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "greeting: versions without overlap are refused, "
                           "whatever else the hello says") {
  auto x = greeting(node_a, 100);
  x.lowest_version = 3;
  x.highest_version = 4;
  x.name = "not a name";
  CHECK_LINES(arrive(1, x), {"c1 goodbye s1>100 refused/version_mismatch"});
  open(node_a);
  connected(1, 2);
  x = greeting(node_a, 101, 2);
  // The version before this one.
  x.lowest_version = 1;
  x.highest_version = 1;
  CHECK_LINES(arrive(2, x), {"link_failed a version_mismatch",
                             "c2 goodbye s2>101 refused/version_mismatch"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a node that answers under another name "
                           "than the one dialled is refused") {
  open(node_a);
  connected(1, 1);
  CHECK_LINES(arrive(1, greeting(node_c, 100, 1)),
              {"link_failed a wrong_name",
               "c1 goodbye s1>100 refused/wrong_name"});
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {"hang_up c1"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a dial that ends at a node whose session "
                           "is up fails at once, and the session goes on") {
  up(node_a, 1, 100);
  CHECK_LINES(open(node_c), {"dial 1 c"});
  CHECK_LINES(connected(1, 1), {"link_failed c wrong_name"});
  CHECK_LINES(send(node_a, monitor_p{proc(node_b, 1), proc(node_a, 1), ref(1)}),
              {"c1 frame s1>100 #1 ack 0"});
}

TEST_CASE_FIXTURE(layer_b,
                  "greeting: a dial that another program with the same "
                  "id has answered is repeated, and tells why at the "
                  "end") {
  auto start = now;
  open(node_a);
  CHECK_LINES(connected(1, 1), {"c1 hello s1>0 b"});
  CHECK_LINES(disconnected(1, true), {});
  CHECK_LINES(wake(), {"dial 2 a"});
  CHECK_LINES(connected(2, 2), {"c2 hello s2>0 b"});
  CHECK_LINES(disconnected(2, true), {});
  CHECK_LINES(wake(), {"dial 3 a"});
  CHECK_LINES(wake(), {"link_failed a duplicate_id"});
  CHECK(now == start + seconds{7});
  // The other one is gone in time.
  CHECK_LINES(dial_failed(3, errc::closed), {});
  CHECK_LINES(open(node_a), {"dial 4 a"});
  connected(4, 4);
  disconnected(4, true);
  CHECK_LINES(wake(), {"dial 5 a"});
  connected(5, 5);
  CHECK_LINES(arrive(5, greeting(node_a, 100, 4)),
              {"link_up a 1", "c5 hello s4>100 b"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a dial that ends in a connection that is "
                           "being left is repeated") {
  open(node_c);
  connected(1, 1);
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1)),
              {"link_failed c wrong_name",
               "c1 goodbye s1>100 refused/wrong_name"});
  CHECK_LINES(open(node_a), {"dial 2 a"});
  CHECK_LINES(connected(2, 1), {});
  arrive(1, goodbye_ack{pair(100, 1)});
  CHECK_LINES(wake(), {"dial 3 a"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a peer that begins again over the same "
                           "connection has had no answer, so another one is "
                           "better") {
  CHECK_LINES(arrive(1, greeting(node_a, 100)), {"c1 hello s1>100 b"});
  CHECK_LINES(arrive(1, greeting(node_a, 101)), {"hang_up c1"});
  CHECK_LINES(arrive(2, greeting(node_a, 102)), {"c2 hello s2>102 b"});
  CHECK_LINES(arrive(2, greeting(node_a, 102, 2)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b,
                  "greeting: a dial that ends in a connection that was "
                  "dialled under another name is repeated") {
  open(node_c);
  CHECK_LINES(open(node_a), {"dial 2 a"});
  // Both names lead to node a.
  connected(1, 1);
  CHECK_LINES(connected(2, 1), {});
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1)),
              {"link_failed c wrong_name",
               "c1 goodbye s1>100 refused/wrong_name"});
  arrive(1, goodbye_ack{pair(100, 1)});
  CHECK_LINES(wake(), {"dial 3 a"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a hello that is older than the greeting "
                           "under way does not displace it") {
  // The peer dialled, its connection broke, and it dialled again.
  CHECK_LINES(arrive(2, greeting(node_a, 101)), {"c2 hello s1>101 b"});
  CHECK_LINES(arrive(1, greeting(node_a, 100)),
              {"c1 goodbye s2>100 refused/already_connected"});
  CHECK_LINES(arrive(2, greeting(node_a, 101, 1)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a hello that is older than the session "
                           "over the same connection is stale") {
  up(node_a, 1, 101);
  CHECK_LINES(arrive(1, greeting(node_a, 100)), {});
  CHECK(layer.counters().stale == 1);
  // One of another life is not older, whatever its number.
  CHECK_LINES(arrive(1, greeting(node_a, 99, 0, 1)),
              {"link_down a restarted", "c1 hello s2>99 b"});
}

TEST_CASE_FIXTURE(layer_b,
                  "greeting: the own name is refused, dialled or not") {
  CHECK_LINES(arrive(1, greeting(node_b, 100)),
              {"c1 goodbye s1>100 refused/duplicate_name"});
  CHECK_LINES(open(node_a), {"dial 1 a"});
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {"hang_up c1"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: malformed hellos are refused") {
  auto check = [this](uint64_t connection, hello x) {
    auto answer = arrive(connection, std::move(x));
    REQUIRE(answer.size() == 1);
    CHECK(answer[0].find("refused/protocol_error") != std::string::npos);
  };
  auto x = greeting(node_a, 100);
  x.name = "a";
  check(1, x);
  x = greeting(node_a, 0);
  check(2, x);
  x = greeting(node_a, 100);
  x.life = creation{0};
  check(3, x);
  x = greeting(node_a, 100);
  x.being = {};
  check(4, x);
  x = greeting(node_a, 100);
  x.tick_time = 0;
  check(5, x);
  x = greeting(node_a, 100);
  x.lowest_version = 2;
  x.highest_version = 1;
  auto answer = arrive(6, x);
  CHECK(answer[0].find("goodbye") != std::string::npos);
  CHECK(layer.counters().refusals == 6);
  CHECK(layer.counters().sessions == 0);
}

TEST_CASE_FIXTURE(layer_b, "greeting: a malformed hello of the node that was "
                           "dialled fails the dial at once") {
  open(node_a);
  connected(1, 1);
  auto x = greeting(node_a, 100, 1);
  x.tick_time = 0;
  CHECK_LINES(arrive(1, x), {"link_failed a protocol_error",
                             "c1 goodbye s1>100 refused/protocol_error"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a session is ended by a hello that "
                           "repeats its own") {
  up(node_a, 1, 100);
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1)),
              {"link_down a protocol_error",
               "c1 goodbye s1>100 protocol_error/protocol_error"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a late first hello of the same attempt "
                           "disturbs no session") {
  up(node_a, 1, 100);
  CHECK_LINES(arrive(1, greeting(node_a, 100)), {});
  CHECK(layer.counters().stale == 1);
}

// -- dials that meet ----------------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "greeting: two dials over one shared connection id "
                           "make one session") {
  open(node_a);
  CHECK_LINES(connected(1, 1), {"c1 hello s1>0 b"});
  CHECK_LINES(arrive(1, greeting(node_a, 100)), {"c1 hello s1>100 b"});
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a dial that ends on a connection over "
                           "which the peer has greeted adds nothing") {
  open(node_a);
  CHECK_LINES(arrive(1, greeting(node_a, 100)), {"c1 hello s1>100 b"});
  CHECK_LINES(connected(1, 1), {});
  CHECK_LINES(arrive(1, greeting(node_a, 100, 1)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: of two connections the greater name's "
                           "dial is kept, here the own one") {
  open(node_a);
  connected(1, 1);
  CHECK_LINES(arrive(2, greeting(node_a, 100)),
              {"c2 goodbye s2>100 refused/already_connected"});
  CHECK_LINES(arrive(1, greeting(node_a, 101, 1)),
              {"link_up a 1", "c1 hello s1>101 b"});
  CHECK_LINES(arrive(2, goodbye_ack{pair(100, 2)}), {"hang_up c2"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: of two connections the greater name's "
                           "dial is kept, here the peer's") {
  open(node_c);
  connected(1, 1);
  CHECK_LINES(arrive(2, greeting(node_c, 300)),
              {"c1 goodbye s1>0 refused/already_connected",
               "c2 hello s2>300 b"});
  // The peer has refused ours as well.
  CHECK_LINES(
    arrive(1, goodbye{pair(301, 1),
                      {down_cause::refused, errc::already_connected, {}}}),
    {"c1 goodbye_ack s1>301"});
  CHECK_LINES(arrive(2, greeting(node_c, 300, 2)), {"link_up c 1"});
}

TEST_CASE_FIXTURE(layer_b, "greeting: a dial that is overtaken by an incoming "
                           "session is not needed any more") {
  open(node_a);
  up(node_a, 5, 100);
  CHECK_LINES(connected(1, 1), {});
  CHECK_LINES(dial_failed(1, errc::refused), {});
}
