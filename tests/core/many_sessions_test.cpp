// One node core with as many sessions as a large cluster gives it.

#include "tests/core/star.hpp"

using namespace vigil;
using namespace vigil::test;

TEST_CASE("contract 21: a thousand sessions that have nothing to say stay up, "
          "for a tick each way in a quarter of the tick time") {
  constexpr size_t num_peers = 1'000;
  constexpr uint64_t tick_times = 10;
  constexpr uint64_t ticks = num_peers * tick_times * 4;
  const auto tick_time = config_of(node_a).tick_time;
  star net{num_peers};
  net.connect_all(tick_time / 4);
  net.take();
  const auto before = net.hub().core.sessions().counters();
  net.hub().num_steps = net.hub().num_wakes = 0;
  net.pass(tick_time * tick_times);
  CHECK_LINES(net.take(), {});
  const auto& after = net.hub().core.sessions().counters();
  CHECK(after.ticks_sent - before.ticks_sent == ticks);
  CHECK(after.ticks_received - before.ticks_received == ticks);
  CHECK(after.frames_sent == before.frames_sent);
  CHECK(after.ticks_missed == 0);
  // It wakes for each tick that it sends, and for nothing else.
  CHECK(net.hub().num_wakes == ticks);
  CHECK(net.hub().num_steps == 2 * ticks);

  net.hub().processes.spawn(1);
  net.peer(500).processes.spawn(1, "db");
  net.step(0, event::monitor{proc(node_a, 1), named("db", star::name(500)),
                             ref(1)});
  net.peer(500).processes.end(1);
  net.step(500, event::process_exited{proc(star::name(500), 1), atom("x")});
  CHECK_LINES(net.take(), {"a: down a1 r1 {db,p500} x"});
}
