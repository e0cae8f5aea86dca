// The life of sessions, as the session layer of node b sees it; the test plays
// the network and all peers.

#include "tests/core/session_layer_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

using layer_b = session_layer_fixture;

// -- stale, gapped, malformed -------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "session layer: a frame is reported, and one that "
                           "repeats it ends the session") {
  up(node_a, 1, 100);
  auto x = frame_of(node_a, pair(100, 1), 1, 7);
  CHECK_LINES(arrive(1, x), {"received a MONITOR_P a1 b1 r7"});
  CHECK_LINES(arrive(1, x),
              {"link_down a protocol_error",
               "c1 goodbye s1>100 protocol_error/protocol_error"});
  // Nothing that follows counts, and the end is not answered twice.
  CHECK_LINES(arrive(1, frame_of(node_a, pair(100, 1), 2, 8)), {});
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {"hang_up c1"});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "session layer: a gap ends the session and nothing "
                           "of the frame is applied") {
  up(node_a, 1, 100);
  CHECK_LINES(arrive(1, frame_of(node_a, pair(100, 1), 2, 7)),
              {"link_down a protocol_error",
               "c1 goodbye s1>100 protocol_error/protocol_error"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: an unknown opcode, half a frame and "
                           "an opaque payload end the session") {
  const auto ended = lines{"link_down a protocol_error",
                           "c1 goodbye s1>100 protocol_error/protocol_error"};
  up(node_a, 1, 100);
  // A good entry before the bad one is not applied either.
  auto x = frame_of(node_a, pair(100, 1), 1, 7);
  x.bytes += "\x1e";
  CHECK(arrive(1, x) == ended);
  layer_b half;
  half.up(node_a, 1, 100);
  x = half.frame_of(node_a, half.pair(100, 1), 1, 7);
  x.bytes.pop_back();
  CHECK(half.arrive(1, x) == ended);
  layer_b opaque;
  opaque.up(node_a, 1, 100);
  x = opaque.frame_of(node_a, opaque.pair(100, 1), 1, 7);
  x.bytes += "\1\3abc";
  CHECK(opaque.arrive(1, x) == ended);
}

TEST_CASE_FIXTURE(layer_b, "session layer: messages for two peers go their own "
                           "ways, and none over a link that is gone") {
  auto send_one = [this](node_name peer, uint64_t number) {
    return layer.send(peer,
                      monitor_p{proc(node_b, 1), proc(peer, 1), ref(number)});
  };
  up(node_a, 1, 100);
  up(node_c, 2, 200);
  CHECK(send_one(node_a, 1));
  auto one = layer.backlog(node_a);
  CHECK(layer.backlog(node_c) == 0);
  CHECK(send_one(node_c, 2));
  CHECK(layer.backlog(node_a) == one);
  CHECK(send_one(node_a, 3));
  CHECK(layer.backlog(node_a) > one);
  disconnected(1);
  CHECK_FALSE(send_one(node_a, 4));
  CHECK(send_one(node_c, 5));
  finish();
  up(node_a, 3, 101);
  CHECK(send_one(node_a, 6));
  CHECK(layer.backlog(node_a) == one);
  close(node_a);
  CHECK_FALSE(send_one(node_a, 7));
}

TEST_CASE_FIXTURE(layer_b, "session layer: frames with other numbers than the "
                           "session's are not applied") {
  up(node_a, 1, 100);
  auto other = pair(99, 1);
  CHECK_LINES(arrive(1, frame_of(node_a, other, 1, 7)), {});
  CHECK_LINES(arrive(1, tick{other, 0}), {});
  CHECK_LINES(arrive(1, probe{other, 5}), {});
  CHECK(layer.counters().stale == 3);
  CHECK(layer.counters().frames_received == 0);
}

TEST_CASE_FIXTURE(layer_b, "session layer: who speaks in a session that is "
                           "over is told so with its own numbers") {
  up(node_a, 1, 100);
  CHECK_LINES(disconnected(1), {"link_down a closed"});
  CHECK_LINES(arrive(1, frame_of(node_a, pair(100, 1), 1, 7)),
              {"c1 goodbye s1>100 closed/closed"});
  CHECK_LINES(arrive(1, tick{pair(100, 1), 0}),
              {"c1 goodbye s1>100 closed/closed"});
  CHECK_LINES(arrive(9, probe{pair(100, 1), 5}),
              {"c9 goodbye s1>100 closed/closed"});
  // An acknowledgement is not answered: it would never end.
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "session layer: a session belongs to the connection "
                           "that carried its hello") {
  up(node_a, 1, 100);
  CHECK_LINES(arrive(2, frame_of(node_a, pair(100, 1), 1, 7)),
              {"c2 goodbye s1>100 closed/closed"});
  CHECK_LINES(arrive(1, frame_of(node_a, pair(100, 1), 1, 7)),
              {"received a MONITOR_P a1 b1 r7"});
}

// -- other lives --------------------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "session layer: a new incarnation on the same "
                           "connection is a restart: down, then up") {
  up(node_a, 1, 100, 0);
  CHECK_LINES(arrive(1, greeting(node_a, 200, 0, 1)),
              {"link_down a restarted", "c1 hello s2>200 b"});
  // What the former life sent is not applied.
  CHECK_LINES(arrive(1, frame_of(node_a, pair(100, 1), 1, 7)), {});
  CHECK_LINES(arrive(1, greeting(node_a, 200, 2, 1)), {"link_up a 1"});
  CHECK_LINES(arrive(1, frame_of(node_a, pair(100, 1), 1, 7)), {});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a new session of the same "
                           "incarnation on the same connection ends the old") {
  up(node_a, 1, 100);
  CHECK_LINES(arrive(1, greeting(node_a, 101)),
              {"link_down a closed", "c1 hello s2>101 b"});
  CHECK_LINES(arrive(1, greeting(node_a, 101, 2)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: both sides begin anew on one "
                           "connection and agree") {
  up(node_a, 1, 100);
  CHECK_LINES(arrive(1, greeting(node_a, 101)),
              {"link_down a closed", "c1 hello s2>101 b"});
  // The peer has answered our number with yet another of its own.
  CHECK_LINES(arrive(1, greeting(node_a, 102, 2)),
              {"link_up a 1", "c1 hello s2>102 b"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a second node under a live name is "
                           "refused if the session answers the probe") {
  up(node_a, 1, 100, 0);
  CHECK_LINES(arrive(2, greeting(node_a, 200, 0, 1)), {"c1 probe s1>100"});
  uint64_t wrong_token = 1;
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), wrong_token}), {});
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), token()}),
              {"c2 goodbye s2>200 refused/duplicate_name"});
  CHECK_LINES(arrive(1, frame_of(node_a, pair(100, 1), 1, 7)),
              {"received a MONITOR_P a1 b1 r7"});
  CHECK_LINES(arrive(2, goodbye_ack{pair(200, 2)}), {"hang_up c2"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a second connection of the same "
                           "incarnation is refused as already connected if the "
                           "session answers") {
  up(node_a, 1, 100);
  arrive(2, greeting(node_a, 101));
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), token()}),
              {"c2 goodbye s2>101 refused/already_connected"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a session that is silent for the "
                           "probe time is down, then the newcomer up") {
  up(node_a, 1, 100, 0);
  auto start = now;
  arrive(2, greeting(node_a, 200, 0, 1));
  lines all = until(start + seconds{2});
  CHECK_LINES(all,
              {"link_down a restarted", "hang_up c1", "c2 hello s2>200 b"});
  CHECK_LINES(arrive(2, greeting(node_a, 200, 2, 1)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a session that closes during the "
                           "probe is down, then the newcomer up") {
  up(node_a, 1, 100, 0);
  arrive(2, greeting(node_a, 200, 0, 1));
  CHECK_LINES(disconnected(1), {"link_down a closed", "c2 hello s2>200 b"});
  CHECK_LINES(arrive(2, greeting(node_a, 200, 2, 1)), {"link_up a 1"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a peer that says the probed session "
                           "is unknown makes way for the newcomer") {
  up(node_a, 1, 100, 0);
  arrive(2, greeting(node_a, 101));
  CHECK_LINES(
    arrive(1, goodbye{pair(100, 1), {down_cause::closed, errc::closed, {}}}),
    {"link_down a closed", "c1 goodbye_ack s1>100", "c2 hello s2>101 b"});
}

TEST_CASE_FIXTURE(layer_b,
                  "session layer: a newcomer that leaves is forgotten, "
                  "the session lives on") {
  up(node_a, 1, 100, 0);
  auto start = now;
  arrive(2, greeting(node_a, 200, 0, 1));
  CHECK_LINES(disconnected(2), {});
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), token()}), {});
  CHECK_LINES(until(start + milliseconds{2'500}), {"c1 tick s1>100 ack 0"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: of two newcomers the second is "
                           "refused") {
  up(node_a, 1, 100, 0);
  arrive(2, greeting(node_a, 200, 0, 1));
  CHECK_LINES(arrive(3, greeting(node_a, 300, 0, 2)),
              {"c3 goodbye s2>300 refused/already_connected"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a session that is heard is not down "
                           "because its answer to a probe is late") {
  up(node_a, 1, 100);
  arrive(2, greeting(node_a, 200, 0, 1));
  auto probe_time = config_of(node_b).probe_time();
  // The answer comes behind frames that take their time.
  now += probe_time * 3 / 4;
  arrive(1, frame_of(node_a, pair(100, 1), 1, 1));
  now += probe_time / 2;
  CHECK_LINES(network(event::timer{}), {"c1 tick s1>100 ack 1"});
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), token(), 1}),
              {"c2 goodbye s2>200 refused/duplicate_name"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a node that was paused reads the "
                           "answer to its probe before it judges") {
  up(node_a, 1, 100);
  arrive(2, greeting(node_a, 200, 0, 1));
  now += seconds{5};
  CHECK_LINES(network(event::timer{}), {"c1 tick s1>100 ack 0"});
  CHECK_LINES(arrive(1, probe_reply{pair(100, 1), token()}),
              {"c2 goodbye s2>200 refused/duplicate_name"});
}

TEST_CASE_FIXTURE(layer_b,
                  "session layer: a newcomer whose time ends with that "
                  "of the set-up is refused at once") {
  up(node_a, 1, 100);
  settle_at_once = false;
  disconnected(1);
  open(node_a);
  CHECK_LINES(arrive(2, greeting(node_a, 200)), {});
  now += config_of(node_b).setup_time;
  network(event::timer{});
  REQUIRE(layer.next_wake());
  CHECK(*layer.next_wake() > now);
}

TEST_CASE("session layer: a node with a long tick time probes no longer than "
          "the newcomer can wait") {
  auto config = config_of(node_b);
  config.tick_time = seconds{60};
  layer_b x{config};
  x.up(node_a, 1, 100, 0);
  x.arrive(2, x.greeting(node_a, 200, 0, 1));
  REQUIRE(x.layer.next_wake());
  CHECK(config.probe_time() < config.setup_time);
}

// -- several peers at once ----------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "session layer: peers whose time is over together "
                           "are told in the order of their names") {
  for (auto peer : {node_d, node_a, node_c})
    open(peer);
  CHECK_LINES(until(now + seconds{7}),
              {"link_failed a setup_timeout", "link_failed c setup_timeout",
               "link_failed d setup_timeout"});
}

TEST_CASE_FIXTURE(layer_b,
                  "session layer: what leaves for several peers leaves "
                  "in the order of their connections") {
  up(node_c, 1, 100);
  up(node_a, 2, 200);
  for (auto peer : {node_a, node_c})
    CHECK(layer.send(peer, monitor_p{proc(node_b, 1), proc(peer, 1), ref(1)}));
  CHECK_LINES(finish(),
              {"c1 frame s1>100 #1 ack 0", "c2 frame s2>200 #1 ack 0"});
}

// -- what waits for a peer ----------------------------------------------------

TEST_CASE("session layer: a peer is full once the bound is reached, and has "
          "room when enough is acknowledged") {
  auto config = config_of(node_b);
  config.max_backlog = 30;
  session_layer_fixture b{config};
  b.up(node_a, 1, 100);
  b.up(node_c, 2, 200);
  auto ask = [&](uint64_t number) {
    return b.send(node_a,
                  monitor_p{proc(node_b, 1), proc(node_a, 1), ref(number)});
  };
  // Told once, when it happens.
  uint64_t sent = 0;
  while (b.layer.backlog(node_a) < 30) {
    auto told = ask(++sent);
    auto full = b.layer.backlog(node_a) >= 30;
    CHECK(told.size() == (full ? 2 : 1));
    CHECK(told.back()
          == (full ? "full a"
                   : "c1 frame s1>100 #" + std::to_string(sent) + " ack 0"));
  }
  CHECK_LINES(b.arrive(2, tick{b.pair(200, 2), 0}), {});
  CHECK_LINES(b.arrive(1, tick{b.pair(100, 1), 0}), {});
  CHECK_LINES(b.arrive(1, tick{b.pair(100, 1), sent}), {"has room a"});
  // The next session starts with room, whatever became of the last.
  while (b.layer.backlog(node_a) < 30)
    ask(++sent);
  b.disconnected(1);
  CHECK(b.layer.backlog(node_a) == 0);
  b.up(node_a, 3, 300);
  CHECK_LINES(b.arrive(3, tick{b.pair(300, 3), 0}), {});
}
