// How the control plane actor ends a session with another node, which is played
// by hand, in virtual time.

#include "tests/actors/hand_played_peer.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// A session whose loss takes a step for each monitor.
struct slow_loss : control_plane_world {
  slow_loss() : control_plane_world(1024 * 1024, slices_of(1)) {
    peer.come_up();
  }

  hand_played_peer peer{*this, node_b, 1};
};

} // namespace

TEST_CASE("what ends a session ends its monitors, then comes the nodedown") {
  linked_world w;
  auto& b = w.b;
  w.monitor(w.a1, w.b1);
  w.monitor(w.a2, w.b1);
  b.close();
  CHECK_LINES(w.runtime.take(),
              {"down a1 r0 b1 noconnection | a2 r1 b1 noconnection",
               "nodedown b closed"});
  CHECK_FALSE(w.front->board.is_up(node_b));
  CHECK(w.front->gate.size() == 0);
  CHECK(w.log.back()
        == "nodedown b@h closed: the connection was closed (last heard 0 ms "
           "ago, found out in 0 ms)");
}

TEST_CASE("a session whose loss takes several steps is down before its first "
          "DOWN") {
  slow_loss w;
  auto& b = w.peer;
  w.monitor(w.a1, w.b1);
  w.monitor(w.a2, w.b1);
  auto told = 0;
  w.runtime.on_deliver = [&](const down_notice&) {
    ++told;
    CHECK_FALSE(w.front->board.is_up(node_b));
  };
  b.close();
  CHECK(told == 2);
}

TEST_CASE("a disconnect is answered after the last DOWN, however many steps "
          "they take") {
  slow_loss w;
  for (auto i = 0; i < 3; ++i)
    w.monitor(w.a1, w.b1);
  auto told = 0;
  w.runtime.on_deliver = [&](const down_notice&) {
    ++told;
    // The peer, which has its goodbye, and nobody who has an answer.
    CHECK(w.coordinator.jobs.size() == 1);
  };
  auto answer = w.ask<unit>(disconnect_request{node_b});
  CHECK(told == 3);
  CHECK(*answer == "ok");
}

TEST_CASE("a disconnect ends the session before it is answered") {
  linked_world w;
  auto& b = w.b;
  w.monitor(w.a1, w.b1);
  b.take();
  CHECK(*w.ask<unit>(disconnect_request{node_b}) == "ok");
  CHECK_LINES(w.runtime.take(),
              {"down a1 r0 b1 noconnection", "nodedown b requested"});
  CHECK_LINES(b.take(), {"goodbye s1>7 requested/no_connection"});
  CHECK(*w.ask<node_list>(nodes_request{}) == "nodes");
  CHECK(*w.ask<unit>(disconnect_request{node_b}) == "ok");
  CHECK(w.runtime.take().empty());
}

TEST_CASE("a disconnect fails who waits for that connection") {
  control_plane_world w;
  auto answer = w.ask<unit>(connect_request{node_b});
  w.ask<unit>(disconnect_request{node_b});
  CHECK(*answer == "no_connection");
}
