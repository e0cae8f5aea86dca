// A monitor and its demonitor that meet before either has reached the control
// plane need not travel.

#include "tests/actors/runtime_world.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// With a session to b.
struct connected_world : runtime_world {
  connected_world() {
    b.come_up();
    runtime.take();
  }

  hand_played_peer b{*this, node_b, 1};
};

} // namespace

TEST_CASE("a monitor and its demonitor that meet travel neither") {
  connected_world w;
  auto x = w.monitor(w.a1, w.b1);
  CHECK(w.demonitor(w.a1, x));
  CHECK_FALSE(w.demonitor(w.a1, x));
  w.run();
  CHECK_LINES(w.b.take(), {});
  CHECK(w.count("outbound") == 0);
  CHECK(w.count("cancelled") == 1);
  CHECK(w.count("demonitors") == 1);
  CHECK(w.front->gate.size() == 0);
}

TEST_CASE("a demonitor whose monitor has left travels as well") {
  connected_world w;
  auto x = w.monitor(w.a1, w.b1);
  w.run();
  CHECK(w.demonitor(w.a1, x));
  w.run();
  CHECK_LINES(w.b.take(), {"frame s1>7 #1 ack 0 | MONITOR_P a1 b1 r0",
                           "frame s1>7 #2 ack 0 | DEMONITOR_P a1 b1 r0"});
  CHECK(w.count("cancelled") == 0);
}

TEST_CASE("what lies around a cancelled pair stays in order") {
  connected_world w;
  auto first = w.monitor(w.a1, w.b1);
  auto second = w.monitor(w.a2, w.b1);
  auto third = w.monitor(w.a1, w.b1);
  CHECK(w.demonitor(w.a2, second));
  w.monitor(w.a2, w.b1);
  CHECK(w.demonitor(w.a1, third));
  w.run();
  CHECK_LINES(w.b.take(), {"frame s1>7 #1 ack 0 | MONITOR_P a1 b1 r0 | "
                           "MONITOR_P a2 b1 r3"});
  CHECK(w.demonitor(w.a1, first));
}

TEST_CASE("nobody but the watcher cancels a pair") {
  connected_world w;
  auto x = w.monitor(w.a1, w.b1);
  CHECK_FALSE(w.demonitor(w.a2, x));
  w.run();
  CHECK_LINES(w.b.take(), {"frame s1>7 #1 ack 0 | MONITOR_P a1 b1 r0"});
}

TEST_CASE("a pair that is cancelled does not end with its watcher again") {
  connected_world w;
  auto x = w.monitor(w.a1, w.b1);
  CHECK(w.demonitor(w.a1, x));
  w.runtime.processes.end(1);
  CHECK(w.threads.process_exited(w.a1, atom("boom")) == errc::none);
  w.run();
  CHECK_LINES(w.b.take(), {});
  CHECK_LINES(w.runtime.take(), {});
}

TEST_CASE("without a session a monitor dials though it is ended at once") {
  runtime_world w;
  auto x = w.monitor(w.a1, w.b1);
  CHECK(w.demonitor(w.a1, x));
  w.run();
  CHECK(w.connector_notes->dials.size() == 1);
  CHECK(w.count("cancelled") == 0);
}
