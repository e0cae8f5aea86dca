// The end of a process with many watchers, who are told in slices: what else
// may happen between two of them.

#include "tests/core/control_plane_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

struct watched : control_plane_fixture {
  watched() : control_plane_fixture(small_slices()) {
    up(node_b);
    up(node_c);
    for (uint64_t number = 1; number <= 5; ++number)
      receive(node_b, monitor_p{b1, a1, ref(number)});
  }

  lines end(uint32_t number = 1) {
    return exit(number, atom("boom"));
  }

  lines resume() {
    return step(event::resume{});
  }
};

} // namespace

TEST_CASE_FIXTURE(watched, "ending: watchers are told in slices, oldest "
                           "first") {
  CHECK_LINES(end(), {"send b MONITOR_P_EXIT a1 b1 r1 boom",
                      "send b MONITOR_P_EXIT a1 b1 r2 boom", "yield"});
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r3 boom",
                         "send b MONITOR_P_EXIT a1 b1 r4 boom", "yield"});
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r5 boom"});
  CHECK_LINES(resume(), {});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(watched, "ending: a demonitor between two slices is no "
                           "crossing, and nothing is sent for it") {
  end();
  CHECK_LINES(receive(node_b, demonitor_p{b1, a1, ref(4)}), {});
  CHECK(x.counters().crossings == 0);
  CHECK_LINES(receive(node_b, demonitor_p{b1, a1, ref(1)}), {});
  CHECK(x.counters().crossings == 1);
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r3 boom",
                         "send b MONITOR_P_EXIT a1 b1 r5 boom", "yield"});
  CHECK_LINES(resume(), {});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(watched, "ending: a monitor that comes between two slices "
                           "gets noproc, a repeated one its reason once") {
  end();
  CHECK_LINES(receive(node_b, monitor_p{b1, a1, ref(6)}),
              {"send b MONITOR_P_EXIT a1 b1 r6 noproc"});
  CHECK_LINES(receive(node_b, monitor_p{b1, a1, ref(5)}), {});
  CHECK(x.counters().repeats == 1);
  resume();
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r5 boom"});
}

TEST_CASE_FIXTURE(watched, "ending: a link that is lost between two slices "
                           "takes its watchers along") {
  receive(node_c, monitor_p{c1, a1, ref(6)});
  end();
  CHECK_LINES(down(node_b), {});
  // In turns.
  CHECK_LINES(resume(), {"nodedown b closed", "yield"});
  CHECK_LINES(resume(), {"send c MONITOR_P_EXIT a1 c1 r6 boom"});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(watched, "ending: processes that end one after the other "
                           "take turns, so that the next does not wait for all "
                           "of the first") {
  for (uint64_t number = 6; number <= 8; ++number)
    receive(node_b, monitor_p{b1, a2, ref(number)});
  end();
  CHECK_LINES(exit(2, atom("bang")), {"send b MONITOR_P_EXIT a2 b1 r6 bang",
                                      "send b MONITOR_P_EXIT a2 b1 r7 bang"});
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r3 boom",
                         "send b MONITOR_P_EXIT a2 b1 r8 bang", "yield"});
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r4 boom", "yield"});
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r5 boom"});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(watched, "ending: a stop tells all who have not been told") {
  for (uint64_t number = 6; number <= 8; ++number)
    receive(node_b, monitor_p{b1, a2, ref(number)});
  end();
  exit(2, atom("bang"));
  // In slices too: the links end after the last.
  CHECK_LINES(step(event::stop{}), {"send b MONITOR_P_EXIT a1 b1 r3 boom",
                                    "send b MONITOR_P_EXIT a2 b1 r8 bang"});
  CHECK(!x.settled());
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r4 boom", "yield"});
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r5 boom"});
  CHECK(x.settled());
}

TEST_CASE_FIXTURE(watched, "ending: a watcher on the same node may demonitor "
                           "until its DOWN is emitted") {
  for (uint64_t number = 6; number <= 8; ++number)
    monitor(a2, a1, number);
  end();
  resume();
  CHECK_LINES(demonitor(a2, 7), {});
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r5 boom",
                         "down a2 r6 a1 boom", "yield"});
  CHECK_LINES(resume(), {"down a2 r8 a1 boom"});
  CHECK(x.empty());
}

// -- what a process held ------------------------------------------------------

namespace {

struct holding : control_plane_fixture {
  holding() : control_plane_fixture(small_slices()) {
    up(node_b);
    for (uint64_t number = 1; number <= 5; ++number)
      monitor(a1, b1, number);
  }

  lines end() {
    return exit(1, atom("boom"));
  }

  lines resume() {
    return step(event::resume{});
  }
};

} // namespace

TEST_CASE_FIXTURE(holding, "ending: what a process held ends in slices, its "
                           "watchers come first") {
  for (uint64_t number = 6; number <= 8; ++number)
    receive(node_b, monitor_p{b1, a1, ref(number)});
  CHECK_LINES(end(), {"send b MONITOR_P_EXIT a1 b1 r6 boom",
                      "send b MONITOR_P_EXIT a1 b1 r7 boom", "yield"});
  CHECK_LINES(resume(), {"send b MONITOR_P_EXIT a1 b1 r8 boom",
                         "send b DEMONITOR_P a1 b1 r1",
                         "retire r1 noproc granted", "yield"});
  CHECK_LINES(resume(),
              {"send b DEMONITOR_P a1 b1 r2", "retire r2 noproc granted",
               "send b DEMONITOR_P a1 b1 r3", "retire r3 noproc granted",
               "yield"});
  CHECK_LINES(resume(),
              {"send b DEMONITOR_P a1 b1 r4", "retire r4 noproc granted",
               "send b DEMONITOR_P a1 b1 r5", "retire r5 noproc granted",
               "yield"});
  CHECK_LINES(resume(), {});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(holding, "ending: an exit that comes between two slices for "
                           "what a dead process held is no crossing") {
  end();
  // The runtime drops it: nobody is there.
  CHECK_LINES(receive(node_b, monitor_p_exit{b1, a1, ref(4), atom("bye")}),
              {"down a1 r4 b1 bye"});
  CHECK_LINES(receive(node_b, monitor_p_exit{b1, a1, ref(1), atom("bye")}), {});
  CHECK(x.counters().crossings == 1);
  CHECK_LINES(resume(),
              {"send b DEMONITOR_P a1 b1 r3", "retire r3 noproc granted",
               "send b DEMONITOR_P a1 b1 r5", "retire r5 noproc granted",
               "yield"});
  resume();
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(holding, "ending: a link that is lost between two slices "
                           "takes along what a dead process held there") {
  end();
  CHECK_LINES(down(node_b),
              {"down a1 r3 b1 noconnection", "down a1 r4 b1 noconnection"});
  // Whichever is first to come to the rest.
  CHECK_LINES(resume(),
              {"retire r5 noproc granted", "nodedown b closed", "yield"});
  CHECK_LINES(resume(), {});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(holding, "ending: a dead process begins no monitor, also "
                           "while its end goes on") {
  end();
  CHECK_LINES(monitor(a1, b1, 6), {"retire r6 noproc refused"});
}

TEST_CASE_FIXTURE(holding, "ending: a stop between two slices leaves nothing "
                           "to go on with") {
  end();
  CHECK_LINES(step(event::stop{}), {});
  CHECK_LINES(resume(), {});
}
