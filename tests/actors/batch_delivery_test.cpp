// DOWNs are delivered in batches, and claimed at the gate just before: until
// then a demonitor of any thread still wins.

#include "tests/actors/runtime_world.hpp"

#include <future>

using namespace vigil;
using namespace vigil::test;

namespace {

/// The threads of a runtime on node a, with sessions to b and c; three monitors
/// end in a step of a loss.
struct delivery_world : runtime_world {
  /// By actors: at once.
  using control_plane_world::monitor;

  delivery_world() : runtime_world(1024 * 1024, slices_of(3)) {
    b.come_up();
    c.come_up();
    runtime.take();
  }

  hand_played_peer b{*this, node_b, 1};
  hand_played_peer c{*this, node_c, 2};
};

} // namespace

TEST_CASE("a demonitor between the arrival of a batch and its delivery takes "
          "its DOWN out, and the others come in order") {
  delivery_world w;
  for (auto i = 0; i < 5; ++i)
    w.monitor(w.a1, w.b1);
  w.runtime.take();
  std::vector<control_message> exits;
  for (uint64_t i = 0; i < 5; ++i)
    exits.emplace_back(monitor_p_exit{w.b1, w.a1, ref(i), atom("boom")});
  w.b.send_later(exits);
  CHECK(w.demonitor(w.a1, ref(0)));
  CHECK(w.demonitor(w.a1, ref(3)));
  CHECK_FALSE(w.demonitor(w.a2, ref(4)));
  w.run();
  CHECK_LINES(w.runtime.take(),
              {"down a1 r1 b1 boom | a1 r2 b1 boom | a1 r4 b1 boom"});
  CHECK(w.count("downs_exit") == 5);
  CHECK(w.count("downs_demonitored") == 2);
  CHECK(w.count("downs") == 3);
  CHECK(w.count("demonitors") == 2);
  CHECK(w.front->gate.size() == 0);
}

TEST_CASE("a batch of which a demonitor took everything is not delivered") {
  delivery_world w;
  w.monitor(w.a1, w.b1);
  w.b.send_later({monitor_p_exit{w.b1, w.a1, ref(0), atom("boom")}});
  CHECK(w.demonitor(w.a1, ref(0)));
  w.run();
  CHECK_LINES(w.runtime.take(), {});
  CHECK(w.count("downs_demonitored") == 1);
  CHECK(w.front->gate.size() == 0);
}

TEST_CASE("a demonitor during the delivery of a batch finds none of that "
          "batch") {
  delivery_world w;
  for (auto i = 0; i < 3; ++i)
    w.monitor(w.a1, w.b1);
  std::string found;
  w.runtime.on_deliver = [&](const down_notice&) {
    if (found.empty())
      for (uint64_t i = 0; i < 3; ++i)
        found += w.demonitor(w.a1, ref(i)) ? "true " : "false ";
  };
  w.b.close();
  CHECK(found == "false false false ");
  CHECK_LINES(w.runtime.take(), {"down a1 r0 b1 noconnection | a1 r1 b1 "
                                 "noconnection | a1 r2 b1 noconnection",
                                 "nodedown b closed"});
  CHECK(w.count("downs_demonitored") == 0);
  CHECK(w.count("downs") == 3);
  CHECK(w.front->gate.size() == 0);
}

TEST_CASE("a demonitor during the delivery of a batch wins against the next "
          "batch of the same step, from any thread") {
  for (auto elsewhere : {false, true}) {
    CAPTURE(elsewhere);
    delivery_world w;
    for (auto i = 0; i < 4; ++i)
      w.monitor(w.a1, w.b1); // r0 to r3
    for (auto i = 0; i < 5; ++i)
      w.monitor(w.a2, w.c1); // r4 to r8
    // Both sessions are lost before the rest of either loss has its turn.
    w.b.close_later();
    w.c.close_later();
    std::string found;
    w.runtime.on_deliver = [&](const down_notice& x) {
      if (x.message.ref != ref(3))
        return;
      auto both = [&] {
        found += w.demonitor(w.a2, ref(7)) ? "true " : "false ";
        found += w.demonitor(w.a2, ref(7)) ? "true " : "false ";
      };
      // The control plane waits in its callback for the other thread.
      if (elsewhere)
        std::async(std::launch::async, both).get();
      else
        both();
    };
    w.run();
    CHECK(found == "true false ");
    const auto* of_b = "down a1 r0 b1 noconnection | a1 r1 b1 noconnection | "
                       "a1 r2 b1 noconnection";
    const auto* of_c = "down a2 r4 c1 noconnection | a2 r5 c1 noconnection | "
                       "a2 r6 c1 noconnection";
    CHECK_LINES(w.runtime.take(),
                {of_b, of_c, "down a1 r3 b1 noconnection", "nodedown b closed",
                 "down a2 r8 c1 noconnection", "nodedown c closed"});
    CHECK(w.count("downs_demonitored") == 1);
    CHECK(w.count("demonitors") == 1);
    CHECK(w.count("downs") == 8);
    CHECK(w.count("outbound") == 0);
    CHECK(w.front->gate.size() == 0);
  }
}

TEST_CASE("a demonitor during a delivery wins against the steps that follow") {
  delivery_world w;
  for (auto i = 0; i < 5; ++i)
    w.monitor(w.a1, w.b1);
  auto found = false;
  w.runtime.on_deliver = [&](const down_notice& x) {
    if (x.message.ref == ref(2))
      found = w.demonitor(w.a1, ref(3));
  };
  w.b.close();
  CHECK(found);
  CHECK_LINES(w.runtime.take(),
              {"down a1 r0 b1 noconnection | a1 r1 b1 "
               "noconnection | a1 r2 b1 noconnection",
               "down a1 r4 b1 noconnection", "nodedown b closed"});
  CHECK(w.count("demonitors") == 1);
  CHECK(w.count("downs") == 4);
  CHECK(w.front->gate.size() == 0);
}
