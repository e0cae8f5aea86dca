// The control plane actor and another node, played by hand, in virtual time.

#include "tests/actors/hand_played_peer.hpp"

using namespace vigil;
using namespace vigil::test;

// -- dialling -----------------------------------------------------------------

TEST_CASE("a connect is answered with the reason when the dial fails") {
  control_plane_world w;
  auto answer = w.ask<unit>(connect_request{node_b});
  CHECK(*answer == "waiting");
  REQUIRE(w.connector_notes->dials.size() == 1);
  auto order = w.connector_notes->dials.back();
  CHECK(order.peer == node_b);
  // The set-up time, after an epoch of one nanosecond.
  CHECK(order.deadline.time_since_epoch() == seconds{7} + timespan{1});
  w.tell(dial_failure{order.dial, {errc::refused, "nobody there"}});
  CHECK(*answer == "refused");
  CHECK(w.log.back()
        == "no connection to b@h: refused the address refused the "
           "connection: nobody there");
  CHECK(w.runtime.take().empty());
}

TEST_CASE("a connect fails when nothing has come of it in the set-up time") {
  control_plane_world w;
  auto answer = w.ask<unit>(connect_request{node_b});
  w.advance(seconds{6});
  CHECK(*answer == "waiting");
  w.advance(seconds{1});
  CHECK(*answer == "setup_timeout");
}

TEST_CASE("a connect to the own node is a bad argument") {
  control_plane_world w;
  CHECK(*w.ask<unit>(connect_request{node_a}) == "bad_argument");
  CHECK(w.connector_notes->dials.empty());
}

TEST_CASE("a connect is answered when up and at once when it was up") {
  control_plane_world w;
  hand_played_peer b{w, node_b, 1};
  auto first = w.ask<unit>(connect_request{node_b});
  auto second = w.ask<unit>(connect_request{node_b});
  CHECK(w.connector_notes->dials.size() == 1);
  b.answer_and_come_up();
  CHECK(*first == "ok");
  CHECK(*second == "ok");
  CHECK(*w.ask<unit>(connect_request{node_b}) == "ok");
  CHECK(*w.ask<node_list>(nodes_request{}) == "nodes b");
  CHECK(w.front->board.is_up(node_b));
  CHECK_LINES(w.runtime.take(), {"nodeup b 1"});
  CHECK_LINES(b.take(), {"hello s1>0 a", "hello s1>7 a"});
}

TEST_CASE("a connect to one node is not answered by another") {
  control_plane_world w;
  hand_played_peer b{w, node_b, 1};
  auto answer = w.ask<unit>(connect_request{node_c});
  b.come_up();
  CHECK(*answer == "waiting");
}

TEST_CASE("a monitor of a node without a link dials and then travels") {
  control_plane_world w;
  hand_played_peer b{w, node_b, 1};
  CHECK(w.monitor(w.a1, w.b1) == "r0");
  CHECK(w.monitor(w.a1, named("db", node_b)) == "r1");
  CHECK(w.connector_notes->dials.size() == 1);
  b.answer_and_come_up();
  CHECK_LINES(b.take(), {"hello s1>0 a", "hello s1>7 a",
                         "frame s1>7 #1 ack 0 | MONITOR_P a1 b1 r0 | MONITOR_P "
                         "a1 {db,b} r1"});
  CHECK(b.heard_only(w.endpoint));
}

TEST_CASE("a failed dial ends the monitors in one batch, before the answer") {
  control_plane_world w;
  w.monitor(w.a1, w.b1);
  w.monitor(w.a2, w.b1);
  auto answer = w.ask<unit>(connect_request{node_b});
  w.tell(dial_failure{w.connector_notes->dials.back().dial,
                      {errc::unresolvable, {}}});
  CHECK_LINES(w.runtime.take(),
              {"down a1 r0 b1 noconnection | a2 r1 b1 noconnection"});
  CHECK(*answer == "unresolvable");
  CHECK(w.count("outbound") == 0);
}

TEST_CASE("a dial that broke is repeated until the set-up time") {
  control_plane_world w;
  auto answer = w.ask<unit>(connect_request{node_b});
  for (int i = 0; i < 3; ++i) {
    w.tell(
      dial_failure{w.connector_notes->dials.back().dial, {errc::closed, {}}});
    w.advance(milliseconds{600}, milliseconds{100});
  }
  CHECK(*answer == "waiting");
  CHECK(w.connector_notes->dials.size() == 4);
  w.advance(seconds{7});
  CHECK(*answer == "closed");
}

// -- a session ----------------------------------------------------------------

TEST_CASE("the DOWN of a remote process carries its reason") {
  linked_world w;
  auto& b = w.b;
  w.monitor(w.a1, w.b1);
  CHECK_LINES(b.take(), {"frame s1>7 #1 ack 0 | MONITOR_P a1 b1 r0"});
  b.send(monitor_p_exit{w.b1, w.a1, ref(0), exit_reason::binary("as it is")});
  CHECK_LINES(w.runtime.take(), {"down a1 r0 b1 \"as it is\""});
  b.send(monitor_p_exit{w.b1, w.a1, ref(0), atom("twice")});
  CHECK(w.runtime.take().empty());
  CHECK(w.count("crossings") == 1);
}

TEST_CASE("DOWNs of one frame are one batch") {
  linked_world w;
  auto& b = w.b;
  w.monitor(w.a1, w.b1);
  w.monitor(w.a2, w.b1);
  frame_encoder encoder{{node_b, first_life, node_a, first_life}};
  encoder.add(monitor_p_exit{w.b1, w.a1, ref(0), atom("boom")});
  encoder.add(monitor_p_exit{w.b1, w.a2, ref(1), atom("boom")});
  b.say(frame{b.numbers(), 1, 0, encoder.take().complete()});
  CHECK_LINES(w.runtime.take(), {"down a1 r0 b1 boom | a2 r1 b1 boom"});
}

TEST_CASE("a peer watches a process of this node") {
  control_plane_world w;
  hand_played_peer b{w, node_b, 1};
  b.come_up();
  b.send(monitor_p{w.b1, w.a1, ref(5)});
  b.send(monitor_p{w.b1, proc(node_a, 9), ref(6)});
  CHECK(*w.ask<watcher_list>(monitored_by_request{w.a1}) == "watchers b1");
  w.exit(1, "boom");
  CHECK_LINES(b.take(), {"frame s1>7 #1 ack 2 | MONITOR_P_EXIT a9 b1 r6 noproc",
                         "frame s1>7 #2 ack 2 | MONITOR_P_EXIT a1 b1 r5 boom"});
}

TEST_CASE("demonitors and the end of a watcher reach the peer") {
  control_plane_world w;
  hand_played_peer b{w, node_b, 1};
  b.come_up();
  w.monitor(w.a1, w.b1);
  w.monitor(w.a1, named("db", node_b));
  CHECK(w.demonitor(w.a1, 0) == "true");
  w.exit(1, "normal");
  CHECK_LINES(b.take(), {"frame s1>7 #1 ack 0 | MONITOR_P a1 b1 r0",
                         "frame s1>7 #2 ack 0 | MONITOR_P a1 {db,b} r1",
                         "frame s1>7 #3 ack 0 | DEMONITOR_P a1 b1 r0",
                         "frame s1>7 #4 ack 0 | DEMONITOR_P a1 {db,b} r1"});
}

TEST_CASE("what threads have queued leaves in one frame") {
  control_plane_world w;
  hand_played_peer b{w, node_b, 1};
  b.come_up();
  runtime_front front{w.front};
  auto first = front.monitor_connected(w.a1, w.b1).value();
  w.run();
  b.take();
  CHECK(front.monitor_connected(w.a2, w.b1));
  CHECK(front.demonitor(w.a1, first).value());
  w.run();
  CHECK_LINES(b.take(), {"frame s1>7 #2 ack 0 | MONITOR_P a2 b1 r1 | "
                         "DEMONITOR_P a1 b1 r0"});
}

TEST_CASE("monitor_connected without a session leaves nothing behind") {
  control_plane_world w;
  runtime_front front{w.front};
  CHECK(front.monitor_connected(w.a1, w.b1).code() == errc::no_connection);
  CHECK(front.monitor_connected(w.a1, w.a2));
  w.run();
  CHECK(w.connector_notes->dials.empty());
  CHECK(w.front->gate.size() == 1);
  CHECK(w.count("outbound") == 1);
}

TEST_CASE("a peer that speaks for another node's process loses its session") {
  control_plane_world w;
  hand_played_peer b{w, node_b, 1};
  hand_played_peer c{w, node_c, 2};
  b.come_up();
  c.come_up();
  w.runtime.take();
  w.monitor(w.a1, w.c1);
  // b says that the monitor of c's process has ended.
  b.send(monitor_p_exit{w.b1, w.a1, ref(0), atom("forged")});
  CHECK_LINES(w.runtime.take(), {"nodedown b protocol_error"});
  CHECK(*w.ask<node_list>(nodes_request{}) == "nodes c");
  CHECK(*w.ask<monitor_list>(monitors_request{w.a1}) == "monitors r0/c1");
}

TEST_CASE("a peer that uses a reference for two monitors loses its session") {
  linked_world w;
  auto& b = w.b;
  b.send(monitor_p{w.b1, w.a1, ref(0)});
  CHECK(w.count("inbound") == 1);
  b.send(monitor_p{proc(node_b, 2), w.a1, ref(0)});
  CHECK_LINES(w.runtime.take(), {"nodedown b protocol_error"});
  CHECK_LINES(b.take(), {"goodbye s1>7 protocol_error/protocol_error"});
  CHECK(w.log.back().find("uses the reference of another monitor")
        != std::string::npos);
  CHECK(w.count("inbound") == 0);
}

// -- time ---------------------------------------------------------------------

TEST_CASE("a silent side sends ticks and a silent peer is lost") {
  linked_world w;
  auto& b = w.b;
  w.monitor(w.a1, w.b1);
  b.take();
  w.advance(seconds{7}, seconds{1});
  CHECK_LINES(b.take(),
              {"tick s1>7 ack 0", "tick s1>7 ack 0", "tick s1>7 ack 0"});
  CHECK(w.runtime.take().empty());
  w.advance(seconds{1});
  CHECK_LINES(w.runtime.take(),
              {"down a1 r0 b1 noconnection", "nodedown b net_tick_timeout"});
  CHECK_LINES(b.take(), {"goodbye s1>7 net_tick_timeout/closed"});
  CHECK(w.log.back()
        == "nodedown b@h net_tick_timeout: the node was silent for its tick "
           "time (last heard 8000 ms ago, found out in 6000 ms)");
}

TEST_CASE("a peer that ticks stays") {
  linked_world w;
  auto& b = w.b;
  for (int i = 0; i < 20; ++i) {
    w.advance(seconds{2}, seconds{1});
    b.acknowledge();
  }
  CHECK(w.runtime.take().empty());
  CHECK(*w.ask<node_list>(nodes_request{}) == "nodes b");
  CHECK(w.count("ticks_received") == 20);
}

TEST_CASE("sessions that come and go leave no timers behind") {
  control_plane_world w;
  auto timers_of_ten_seconds = [&] {
    size_t result = 0;
    for (int i = 0; i < 10; ++i) {
      result += w.coordinator.advance_time(seconds{1});
      w.run();
    }
    return result;
  };
  hand_played_peer c{w, node_c, 100};
  c.come_up();
  auto stay_up = [&] { c.acknowledge(); };
  for (uint64_t i = 1; i <= 20; ++i) {
    hand_played_peer b{w, node_b, i};
    b.come_up();
    b.close();
    stay_up();
    w.advance(milliseconds{10});
  }
  w.advance(seconds{2}, seconds{1});
  stay_up();
  w.advance(seconds{7}, seconds{1});
  stay_up();
  // Ticks, and no more.
  CHECK(timers_of_ten_seconds() <= 10);
}

TEST_CASE("the counters tell what has happened") {
  control_plane_world w;
  hand_played_peer b{w, node_b, 1};
  b.come_up();
  w.monitor(w.a1, w.b1);
  w.monitor(w.a1, w.b1);
  w.monitor(w.a1, proc(node_a, 9));
  CHECK(w.count("backlog") > 0);
  b.send(monitor_p{w.b1, w.a1, ref(5)});
  b.send(monitor_p_exit{w.b1, w.a1, ref(0), atom("boom")});
  b.acknowledge();
  CHECK(w.count("backlog") == 0);
  CHECK(w.count("outbound") == 1);
  CHECK(w.count("inbound") == 1);
  CHECK(w.count("nodes") == 1);
  CHECK(w.count("sent") == 2);
  CHECK(w.count("received") == 2);
  CHECK(w.count("downs_noproc") == 1);
  CHECK(w.count("downs_exit") == 1);
  CHECK(w.count("sessions") == 1);
  CHECK(w.count("frames_sent") == 2);
  CHECK(w.count("frames_received") == 2);
  CHECK(w.count("ticks_received") == 1);
  CHECK(w.count("bytes_sent") > 0);
  CHECK(w.count("bytes_received") > 0);
  b.close();
  CHECK(w.count("downs_noconnection") == 1);
  CHECK(w.count("downs") == 3);
  CHECK(w.count("outbound") == 0);
  CHECK(w.count("inbound") == 0);
}

// -- the end ------------------------------------------------------------------

TEST_CASE("stop says goodbye and is answered when that is acknowledged") {
  linked_world w;
  auto& b = w.b;
  b.send(monitor_p{w.b1, w.a1, ref(5)});
  runtime_front front{w.front};
  w.runtime.processes.end(1);
  CHECK(front.process_exited(w.a1, atom("boom")) == errc::none);
  auto connecting = w.ask<unit>(connect_request{node_c});
  w.front->queue.close();
  auto stopped = w.ask<unit>(stop_order{});
  CHECK(*connecting == "shutdown");
  CHECK(*stopped == "waiting");
  CHECK_LINES(b.take(), {"frame s1>7 #1 ack 1 | MONITOR_P_EXIT a1 b1 r5 boom",
                         "goodbye s1>7 shutdown/shutdown"});
  b.say(goodbye_ack{b.numbers()});
  CHECK(*stopped == "ok");
  CHECK(w.ended());
  CHECK(w.runtime.take().empty());
  CHECK_FALSE(w.front->board.is_up(node_b));
}

TEST_CASE("stop waits for a mute peer for one second") {
  control_plane_world w;
  hand_played_peer b{w, node_b, 1};
  b.come_up();
  auto stopped = w.ask<unit>(stop_order{});
  CHECK(*w.ask<unit>(connect_request{node_c}) == "shutdown");
  CHECK(w.monitor(w.a1, w.a2) == "shutdown");
  CHECK(w.demonitor(w.a1, 0) == "shutdown");
  w.runtime.processes.end(2);
  CHECK(*w.ask<unit>(exit_report{w.a2, atom("boom")}) == "shutdown");
  CHECK(*w.ask<unit>(disconnect_request{node_b}) == "shutdown");
  CHECK(*w.ask<unit>(sync_request{node_b}) == "shutdown");
  // What only reads is answered as long as there is somebody to do it.
  CHECK(*w.ask<node_list>(nodes_request{}) != "shutdown");
  CHECK(*w.ask<monitor_list>(monitors_request{w.a1}) != "shutdown");
  w.advance(milliseconds{900});
  CHECK(*stopped == "waiting");
  w.advance(milliseconds{100});
  CHECK(*stopped == "ok");
  CHECK(w.ended());
}

TEST_CASE("nothing keeps a control plane in memory once it has ended") {
  control_plane_world w;
  auto held = w.front.use_count();
  hand_played_peer b{w, node_b, 1};
  b.come_up();
  b.say(goodbye{b.numbers(), {}});
  w.ask<unit>(stop_order{});
  w.advance(seconds{1});
  CHECK(w.ended());
  // A pending timer may hold the actor, but none of what it worked with.
  CHECK(w.front.use_count() == held - 1);
}
