// How sessions end: by goodbye, by silence, and when the node stops. As the
// session layer of node b sees it; the test plays the network and all peers.

#include "tests/core/session_layer_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

using layer_b = session_layer_fixture;

namespace {

const farewell by_request{down_cause::requested, errc::no_connection, {}};

} // namespace

// -- goodbyes -----------------------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "session layer: a goodbye is acknowledged, and its "
                           "cause reported") {
  up(node_a, 1, 100);
  CHECK_LINES(arrive(1, goodbye{pair(100, 1),
                                {down_cause::shutdown, errc::shutdown, {}}}),
              {"link_down a shutdown", "c1 goodbye_ack s1>100"});
  CHECK_LINES(disconnected(1), {});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "session layer: a cause that is none is a protocol "
                           "error") {
  up(node_a, 1, 100);
  CHECK_LINES(arrive(1, goodbye{pair(100, 1), {down_cause{99}, errc{99}, {}}}),
              {"link_down a protocol_error", "c1 goodbye_ack s1>100"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a goodbye of a stale pair is "
                           "acknowledged and ends nothing") {
  up(node_a, 1, 100);
  CHECK_LINES(arrive(1, goodbye{pair(99, 1), by_request}),
              {"c1 goodbye_ack s1>99"});
  CHECK_LINES(arrive(1, goodbye{pair(100, 0), by_request}),
              {"c1 goodbye_ack 0>100"});
  CHECK_LINES(arrive(9, goodbye{pair(100, 1), by_request}),
              {"c9 goodbye_ack s1>100"});
  CHECK(layer.counters().stale == 2);
  CHECK_LINES(arrive(1, frame_of(node_a, pair(100, 1), 1, 7)),
              {"received a MONITOR_P a1 b1 r7"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: goodbyes that cross are both "
                           "acknowledged") {
  up(node_a, 1, 100);
  CHECK_LINES(close(node_a), {"link_down a requested",
                              "c1 goodbye s1>100 requested/no_connection"});
  CHECK_LINES(arrive(1, goodbye{pair(100, 1), by_request}),
              {"c1 goodbye_ack s1>100"});
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {"hang_up c1"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a goodbye that is not acknowledged "
                           "is followed by a hang-up after its time") {
  up(node_a, 1, 100);
  close(node_a);
  auto start = now;
  CHECK_LINES(wake(), {"hang_up c1"});
  CHECK(now == start + seconds{1});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a link that is opened while the old "
                           "one is leaving waits for its end") {
  up(node_a, 1, 100);
  close(node_a);
  CHECK_LINES(open(node_a), {});
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {"hang_up c1"});
  CHECK_LINES(wake(), {"dial 1 a"});
  // Likewise if the connection is lost instead.
  layer_b x;
  x.up(node_a, 1, 100);
  x.close(node_a);
  x.open(node_a);
  CHECK_LINES(x.disconnected(1), {});
  CHECK_LINES(x.wake(), {"dial 1 a"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a peer that comes back while the "
                           "old link is leaving is welcome") {
  up(node_a, 1, 100);
  close(node_a);
  CHECK_LINES(arrive(2, greeting(node_a, 101)), {"c2 hello s2>101 b"});
  CHECK_LINES(arrive(2, greeting(node_a, 101, 2)), {"link_up a 1"});
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {"hang_up c1"});
  CHECK_LINES(arrive(2, frame_of(node_a, pair(101, 2), 1, 7)),
              {"received a MONITOR_P a1 b1 r7"});
  // On the same connection too, and then the old goodbye is over.
  layer_b same;
  same.up(node_a, 1, 100);
  same.close(node_a);
  CHECK_LINES(same.arrive(1, same.greeting(node_a, 101)),
              {"c1 hello s2>101 b"});
  CHECK_LINES(same.arrive(1, goodbye_ack{same.pair(100, 1)}), {});
  CHECK_LINES(same.arrive(1, same.greeting(node_a, 101, 2)), {"link_up a 1"});
}

// -- silence ------------------------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "session layer: a silent peer is down at the tick "
                           "time, and is told") {
  up(node_a, 1, 100);
  auto start = now;
  auto all = until(start + seconds{8});
  CHECK_LINES(all, {"c1 tick s1>100 ack 0", "ticks_missed a 1",
                    "c1 tick s1>100 ack 0", "ticks_missed a 2",
                    "c1 tick s1>100 ack 0", "ticks_missed a 3",
                    "link_down a net_tick_timeout",
                    "c1 goodbye s1>100 net_tick_timeout/closed"});
  CHECK(layer.counters().ticks_missed == 3);
  // It does not acknowledge either.
  CHECK_LINES(until(start + seconds{9}), {"hang_up c1"});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "session layer: any message of the session keeps it "
                           "alive, stale ones do not") {
  up(node_a, 1, 100);
  auto start = now;
  until(start + seconds{6});
  arrive(1, probe{pair(100, 1), 5});
  until(start + seconds{13});
  CHECK(
    layer.send(node_a, monitor_p{proc(node_b, 1), proc(node_a, 1), ref(1)}));
  arrive(1, tick{pair(99, 1), 0});
  until(start + milliseconds{13'999});
  CHECK(layer.backlog(node_a) > 0);
  until(start + seconds{14});
  CHECK(layer.backlog(node_a) == 0);
}

TEST_CASE_FIXTURE(layer_b, "session layer: a node that was itself paused gives "
                           "its peers that much longer, once") {
  up(node_a, 1, 100);
  auto start = now;
  // Due at 2 s for a tick; wakes up at 60 s, a frame at a time.
  for (auto n = 0; n < 100; ++n) {
    now = start + seconds{60} + milliseconds{n};
    arrive(7, goodbye_ack{pair(999, 0)});
  }
  arrive(7, goodbye_ack{pair(999, 0)});
  network(event::timer{});
  // 8 s, and the 58.099 s that the timer was late.
  CHECK_LINES(until(start + milliseconds{66'098}),
              {"ticks_missed a 1", "c1 tick s1>100 ack 0", "ticks_missed a 2",
               "c1 tick s1>100 ack 0", "ticks_missed a 3"});
  CHECK_LINES(until(start + milliseconds{66'099}),
              {"link_down a net_tick_timeout",
               "c1 goodbye s1>100 net_tick_timeout/closed"});
}

// -- stop ---------------------------------------------------------------------

TEST_CASE_FIXTURE(layer_b, "session layer: a stop without sessions is over at "
                           "once, and later hellos are refused") {
  CHECK_LINES(stop(), {"stopped"});
  CHECK_LINES(arrive(1, greeting(node_a, 100)),
              {"c1 goodbye s1>100 shutdown/shutdown"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: what was held back for more leaves "
                           "before the goodbye") {
  up(node_a, 1, 100);
  layer.send(node_a, monitor_p_exit{proc(node_b, 1), proc(node_a, 1), ref(1),
                                    atom("boom")});
  CHECK_LINES(finish(true), {});
  layer.close_link(node_a, {down_cause::requested, errc::no_connection, {}});
  CHECK_LINES(finish(), {"link_down a requested", "c1 frame s1>100 #1 ack 0",
                         "c1 goodbye s1>100 requested/no_connection"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a stop flushes, says goodbye, and "
                           "waits for every acknowledgement") {
  up(node_a, 1, 100);
  up(node_c, 3, 300);
  layer.send(node_a, monitor_p{proc(node_b, 1), proc(node_a, 1), ref(1)});
  layer.stop();
  layer.flush(false);
  std::vector<network_effect> effects;
  layer.take_effects(effects);
  lines to_a;
  for (const auto& x : effects)
    if (auto text = printer.line(x); text.substr(0, 2) == "c1")
      to_a.push_back(text);
  CHECK_LINES(to_a, {"c1 frame s1>100 #1 ack 0",
                     "c1 goodbye s1>100 shutdown/shutdown"});
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {"hang_up c1"});
  CHECK_LINES(arrive(3, goodbye_ack{pair(300, 2)}), {"hang_up c3", "stopped"});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b,
                  "session layer: a stop that nobody acknowledges ends "
                  "after its deadline") {
  up(node_a, 1, 100);
  auto start = now;
  CHECK_LINES(stop(), {"c1 goodbye s1>100 shutdown/shutdown"});
  CHECK_LINES(wake(), {"hang_up c1", "stopped"});
  CHECK(now == start + seconds{1});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "session layer: a stop during a greeting or a dial "
                           "refuses it") {
  arrive(1, greeting(node_a, 100));
  open(node_c);
  CHECK_LINES(stop(), {"c1 goodbye s1>100 shutdown/shutdown"});
  CHECK_LINES(connected(1, 2), {"hang_up c2"});
  CHECK_LINES(arrive(1, goodbye_ack{pair(100, 1)}), {"hang_up c1", "stopped"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a stop with a full window waits for "
                           "the window, not for ever") {
  up(node_a, 1, 100);
  for (uint64_t i = 0; i < frame_window + 1; ++i)
    send(node_a, monitor_p{proc(node_b, 1), proc(node_a, 1), ref(i)});
  auto start = now;
  CHECK_LINES(stop(), {});
  CHECK_LINES(arrive(1, tick{pair(100, 1), 8}),
              {"c1 frame s1>100 #9 ack 0",
               "c1 goodbye s1>100 shutdown/shutdown"});
  CHECK_LINES(until(start + seconds{1}), {"hang_up c1", "stopped"});
}

TEST_CASE_FIXTURE(layer_b, "session layer: a stop does not wait beyond its "
                           "deadline for a window that stays closed") {
  up(node_a, 1, 100);
  for (uint64_t i = 0; i < frame_window + 1; ++i)
    send(node_a, monitor_p{proc(node_b, 1), proc(node_a, 1), ref(i)});
  auto start = now;
  CHECK_LINES(stop(), {});
  CHECK_LINES(until(start + milliseconds{999}), {});
  CHECK_LINES(until(start + seconds{1}),
              {"c1 goodbye s1>100 shutdown/shutdown", "hang_up c1", "stopped"});
  CHECK(!layer.next_wake());
}

TEST_CASE_FIXTURE(layer_b, "session layer: what a peer says in farewell is "
                           "made fit to be shown") {
  up(node_a, 1, 100);
  farewell rude{static_cast<down_cause>(77), static_cast<errc>(200),
                "line\nbreak \xff" + std::string(5'000, 'x')};
  CHECK(arrive(1, goodbye{pair(100, 1), rude}).size() == 2);
  const auto& x = last_loss;
  CHECK(x.cause == down_cause::protocol_error);
  CHECK(x.detail.substr(0, 13) == "line?break ?x");
  CHECK(x.detail.size() == farewell::max_detail);
}

TEST_CASE_FIXTURE(layer_b, "session layer: a refusal of a side that has not "
                           "learnt our number is heard") {
  arrive(1, greeting(node_a, 100));
  CHECK_LINES(
    arrive(1, goodbye{pair(100, 0), {down_cause::requested, errc::closed, {}}}),
    {"c1 goodbye_ack 0>100"});
  CHECK(layer.counters().stale == 0);
}
