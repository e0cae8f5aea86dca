// A peer that does not keep up slows its own watchers and nobody else.

#include "tests/actors/hand_played_peer.hpp"

#include <future>

using namespace vigil;
using namespace vigil::test;

namespace {

/// With room for one byte, one unacknowledged frame is too much.
struct narrow_world : control_plane_world {
  narrow_world() : control_plane_world(1) {
    b.come_up();
    CHECK(monitor(a1, b1) == "r0");
    runtime.take();
  }

  hand_played_peer b{*this, node_b, 1};
};

} // namespace

TEST_CASE("a monitor request waits for room and then gets its reference") {
  narrow_world w;
  auto first = w.ask<reference>(monitor_request{w.b1, w.a1});
  auto second = w.ask<reference>(monitor_request{w.b1, w.a2});
  CHECK(*first == "waiting");
  CHECK(*second == "waiting");
  CHECK_LINES(w.b.take(), {"frame s1>7 #1 ack 0 | MONITOR_P a1 b1 r0"});
  w.b.acknowledge();
  CHECK(*first == "r1");
  CHECK(*second == "waiting");
  CHECK_LINES(w.b.take(), {"frame s1>7 #2 ack 0 | MONITOR_P a1 b1 r1"});
  w.b.acknowledge();
  CHECK(*second == "r2");
}

TEST_CASE("a full peer does not slow the monitors of other nodes") {
  narrow_world w;
  hand_played_peer c{w, node_c, 2};
  c.come_up();
  auto slow = w.ask<reference>(monitor_request{w.b1, w.a1});
  CHECK(*slow == "waiting");
  CHECK(w.monitor(w.a1, w.a2) == "r1");
  CHECK(w.monitor(w.a2, w.c1) == "r2");
  // Both are full now; the one that makes room is served.
  auto other = w.ask<reference>(monitor_request{w.c1, w.a2});
  CHECK(*other == "waiting");
  c.acknowledge();
  CHECK(*other == "r3");
  CHECK(*slow == "waiting");
}

TEST_CASE("requests that need no room are served while others wait") {
  narrow_world w;
  auto slow = w.ask<reference>(monitor_request{w.b1, w.a1});
  CHECK(w.demonitor(w.a1, 0) == "true");
  CHECK(*w.ask<node_list>(nodes_request{}) == "nodes b");
  w.b.send_unread(monitor_p{w.b1, w.a2, ref(5)});
  w.exit(2, "boom");
  CHECK(*slow == "waiting");
  CHECK_LINES(w.b.take(), {"frame s1>7 #1 ack 0 | MONITOR_P a1 b1 r0",
                           "frame s1>7 #2 ack 0 | DEMONITOR_P a1 b1 r0",
                           "frame s1>7 #3 ack 1 | MONITOR_P_EXIT a2 b1 r5 "
                           "boom"});
}

TEST_CASE("a watcher that ends while its request waits gets noproc") {
  narrow_world w;
  auto slow = w.ask<reference>(monitor_request{w.b1, w.a2});
  w.exit(2, "boom");
  w.b.acknowledge();
  CHECK(*slow == "noproc");
}

TEST_CASE("the loss of the session answers those who wait") {
  narrow_world w;
  auto first = w.ask<reference>(monitor_request{w.b1, w.a1});
  auto second = w.ask<reference>(monitor_request{w.b1, w.a2});
  w.b.close();
  CHECK(*first == "r1");
  CHECK(*second == "r2");
  // They are granted and dial anew; that may fail as well.
  CHECK_LINES(w.runtime.take(),
              {"down a1 r0 b1 noconnection", "nodedown b closed"});
  w.tell(
    dial_failure{w.connector_notes->dials.back().dial, {errc::refused, {}}});
  CHECK_LINES(w.runtime.take(),
              {"down a1 r1 b1 noconnection | a2 r2 b1 noconnection"});
}

TEST_CASE("stop answers shutdown to those who wait") {
  narrow_world w;
  auto slow = w.ask<reference>(monitor_request{w.b1, w.a1});
  auto stopped = w.ask<unit>(stop_order{});
  CHECK(*slow == "shutdown");
  auto late = w.ask<reference>(monitor_request{w.b1, w.a1});
  w.advance(seconds{1});
  CHECK(*late == "shutdown");
  CHECK(*stopped == "ok");
}

TEST_CASE("try_monitor of a full peer is busy and leaves nothing") {
  narrow_world w;
  runtime_front front{w.front};
  auto open = w.front->gate.size();
  CHECK(front.try_monitor(w.a1, w.b1).code() == errc::busy);
  CHECK(front.monitor_connected(w.a1, w.b1).code() == errc::busy);
  CHECK(w.front->gate.size() == open);
  CHECK(front.try_monitor(w.a1, w.a2));
  w.b.acknowledge();
  CHECK(front.try_monitor(w.a1, w.b1));
}

TEST_CASE("a monitor from a callback is busy where it would wait") {
  narrow_world w;
  runtime_front front{w.front};
  std::string outcome;
  w.runtime.on_deliver = [&](const down_notice&) {
    outcome = to_string(front.monitor(w.a1, w.b1).code());
  };
  w.monitor(w.a1, proc(node_a, 9));
  CHECK(outcome == "busy");
}

TEST_CASE("try_monitor is busy while too much waits for the control plane") {
  control_plane_world w;
  runtime_front front{w.front};
  for (size_t i = 0; i < max_waiting_requests; ++i)
    if (front.try_monitor(w.a1, w.a1).code() != errc::none)
      FAIL("request " << i << " was refused");
  CHECK(front.try_monitor(w.a1, w.a1).code() == errc::busy);
  // Ends and demonitors are never refused.
  CHECK(front.process_exited(proc(node_a, 9), atom("boom")) == errc::none);
  w.run();
  CHECK(w.front->gate.size() == 0);
  CHECK(front.try_monitor(w.a1, w.a1));
}

TEST_CASE("a control plane that is killed answers those who wait") {
  narrow_world w;
  hand_played_peer c{w, node_c, 2};
  c.come_up();
  auto slow = w.ask<reference>(monitor_request{w.b1, w.a1});
  auto connecting = w.ask<unit>(connect_request{node_d});
  auto syncing = w.ask<unit>(sync_request{node_c});
  CHECK(*syncing == "waiting");
  auto held = w.front.use_count();
  w.end_plane();
  CHECK(*slow == "shutdown");
  CHECK(*connecting == "shutdown");
  CHECK(*syncing == "shutdown");
  CHECK(runtime_front{w.front}.monitor(w.a1, w.a2).code() == errc::shutdown);
  CHECK(w.front.use_count() == held - 1);
}

TEST_CASE(
  "a thread waits for room at a peer until it acknowledges or is lost") {
  for (auto lost : {false, true}) {
    narrow_world w;
    // The thread must not touch the actors while this one runs them.
    w.front->queue.on_waiting(nullptr);
    runtime_front front{w.front};
    auto outcome = std::async(std::launch::async,
                              [&] { return front.monitor(w.a1, w.b1).code(); });
    CHECK(outcome.wait_for(milliseconds{50}) == std::future_status::timeout);
    if (lost)
      w.b.close();
    else
      w.b.acknowledge();
    REQUIRE(outcome.wait_for(seconds{20}) == std::future_status::ready);
    CHECK(outcome.get() == errc::none);
    w.tell(requests_waiting{});
    CHECK(*w.ask<monitor_list>(monitors_request{w.a1})
          == (lost ? "monitors r1/b1" : "monitors r0/b1 r1/b1"));
  }
}
