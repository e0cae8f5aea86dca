// The loss of a link with many monitors, which end in slices: what else may
// happen between two of them.

#include "tests/core/control_plane_fixture.hpp"

#include <algorithm>

using namespace vigil;
using namespace vigil::test;

namespace {

struct sliced : control_plane_fixture {
  sliced() : control_plane_fixture(small_slices()) {
    show_settled = true;
    up(node_b);
    for (uint64_t number = 1; number <= 5; ++number)
      monitor(a1, b1, number);
  }

  lines resume() {
    return step(event::resume{});
  }

  /// Everything that is left of all losses, in order.
  lines resume_until_quiet() {
    lines result;
    for (auto more = true; more;) {
      auto slice = resume();
      more = !slice.empty() && slice.back() == "yield";
      if (more)
        slice.pop_back();
      result.insert(result.end(), slice.begin(), slice.end());
    }
    return result;
  }
};

} // namespace

TEST_CASE_FIXTURE(sliced, "loss: monitors end in slices, oldest first, and "
                          "nodedown comes after the last") {
  CHECK_LINES(down(node_b), {"down a1 r1 b1 noconnection",
                             "down a1 r2 b1 noconnection", "yield"});
  CHECK(!x.is_up(node_b));
  CHECK_LINES(resume(), {"down a1 r3 b1 noconnection",
                         "down a1 r4 b1 noconnection", "yield"});
  CHECK_LINES(resume(),
              {"down a1 r5 b1 noconnection", "nodedown b closed", "settle b"});
  CHECK_LINES(resume(), {});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(sliced, "loss: that the link is lost is told before the "
                          "first DOWN, and once") {
  show_lost = true;
  CHECK_LINES(down(node_b), {"link_lost b", "down a1 r1 b1 noconnection",
                             "down a1 r2 b1 noconnection", "yield"});
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r3 b1 noconnection", "down a1 r4 b1 noconnection",
               "down a1 r5 b1 noconnection", "nodedown b closed", "settle b"});
  // One that is not up is not lost.
  CHECK_LINES(down(node_b), {});
}

TEST_CASE_FIXTURE(sliced, "loss: a demonitor between two slices finds its "
                          "monitor, and no DOWN follows") {
  down(node_b);
  CHECK_LINES(demonitor(a1, 4), {});
  CHECK(x.counters().demonitors == 1);
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r3 b1 noconnection", "down a1 r5 b1 noconnection",
               "nodedown b closed", "settle b"});
}

TEST_CASE_FIXTURE(sliced, "loss: a watcher that ends between two slices takes "
                          "its monitors with it, a slice at a time") {
  down(node_b);
  CHECK_LINES(exit(1, exit_reason::normal()),
              {"retire r3 noproc granted", "retire r4 noproc granted"});
  // Whichever is first to come to the rest; nobody is there to be told.
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r5 b1 noconnection", "nodedown b closed", "settle b"});
}

TEST_CASE_FIXTURE(sliced, "loss: a monitor that is made between two slices "
                          "waits for the next link") {
  down(node_b);
  CHECK_LINES(monitor(a2, b2, 6), {"open b"});
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r3 b1 noconnection", "down a1 r4 b1 noconnection",
               "down a1 r5 b1 noconnection", "nodedown b closed", "settle b"});
  CHECK_LINES(up(node_b), {"nodeup b 1", "send b MONITOR_P a2 b2 r6"});
}

TEST_CASE_FIXTURE(sliced, "loss: monitors of the lost node are dropped without "
                          "a word, also when their target ends meanwhile") {
  for (uint64_t number = 1; number <= 5; ++number)
    receive(node_b, monitor_p{b1, a2, ref(number)});
  CHECK_LINES(down(node_b), {"yield"});
  CHECK_LINES(exit(2, atom("boom")), {});
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r1 b1 noconnection", "down a1 r2 b1 noconnection",
               "down a1 r3 b1 noconnection", "down a1 r4 b1 noconnection",
               "down a1 r5 b1 noconnection", "nodedown b closed", "settle b"});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(sliced, "loss: other peers are served between two slices") {
  up(node_c);
  down(node_b);
  CHECK_LINES(receive(node_c, monitor_p{c1, proc(node_a, 9), ref(1)}),
              {"send c MONITOR_P_EXIT a9 c1 r1 noproc"});
  CHECK_LINES(receive(node_b, monitor_p_exit{b1, a1, ref(5), atom("late")}),
              {});
}

TEST_CASE_FIXTURE(sliced, "loss: two links that are lost at once end in turns, "
                          "with one request to go on") {
  up(node_c);
  for (uint64_t number = 11; number <= 13; ++number)
    monitor(a2, c1, number);
  down(node_b);
  CHECK_LINES(down(node_c),
              {"down a2 r11 c1 noconnection", "down a2 r12 c1 noconnection"});
  CHECK_LINES(resume(),
              {"down a1 r3 b1 noconnection", "down a2 r13 c1 noconnection",
               "nodedown c closed", "settle c", "yield"});
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r4 b1 noconnection", "down a1 r5 b1 noconnection",
               "nodedown b closed", "settle b"});
}

TEST_CASE_FIXTURE(sliced, "loss: a transport that does not wait gets the rest "
                          "of the loss before the next nodeup") {
  down(node_b);
  CHECK_LINES(up(node_b, creation{2}),
              {"down a1 r3 b1 noconnection", "down a1 r4 b1 noconnection",
               "down a1 r5 b1 noconnection", "nodedown b closed", "settle b",
               "nodeup b 2"});
  CHECK_LINES(resume(), {});
}

TEST_CASE_FIXTURE(sliced, "loss: a link that fails before the loss is complete "
                          "is told after it") {
  down(node_b);
  monitor(a2, b2, 6);
  CHECK_LINES(failed(node_b, errc::refused), {});
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r3 b1 noconnection", "down a1 r4 b1 noconnection",
               "down a1 r5 b1 noconnection", "nodedown b closed",
               "down a2 r6 b2 noconnection", "connect_failed b refused",
               "settle b"});
}

TEST_CASE_FIXTURE(sliced,
                  "loss: it asks to go on once, also if an earlier loss "
                  "ended before its turn came") {
  down(node_b);
  // A transport that does not wait for the end of it.
  up(node_b);
  up(node_c);
  for (uint64_t number = 11; number <= 15; ++number)
    monitor(a2, c1, number);
  // The turn that the first loss has asked for is still to come.
  CHECK_LINES(down(node_c),
              {"down a2 r11 c1 noconnection", "down a2 r12 c1 noconnection"});
  CHECK_LINES(resume(), {"down a2 r13 c1 noconnection",
                         "down a2 r14 c1 noconnection", "yield"});
}

TEST_CASE_FIXTURE(sliced, "loss: a node that stops says nothing more of it") {
  down(node_b);
  step(event::stop{});
  CHECK_LINES(resume(), {});
}

TEST_CASE("overload: a peer whose processes hold more monitors than the quota "
          "loses its session, others do not") {
  control_limits limits;
  limits.max_inbound = 2;
  control_plane_fixture w{limits};
  w.up(node_b);
  w.up(node_c);
  for (uint64_t number = 1; number <= 2; ++number)
    CHECK_LINES(w.receive(node_b, monitor_p{w.b1, w.a1, ref(number)}), {});
  CHECK_LINES(w.receive(node_c, monitor_p{w.c1, w.a1, ref(1)}), {});
  // The same again is not one more, and one that ends makes room.
  CHECK_LINES(w.receive(node_b, monitor_p{w.b1, w.a1, ref(2)}), {});
  w.receive(node_b, demonitor_p{w.b1, w.a1, ref(1)});
  CHECK_LINES(w.receive(node_b, monitor_p{w.b1, w.a1, ref(3)}), {});
  CHECK_LINES(w.receive(node_b, monitor_p{w.b1, w.a1, ref(4)}),
              {"close b overload/system_limit"});
  CHECK_LINES(w.receive(node_b, monitor_p{w.b2, w.a1, ref(2)}),
              {"close b protocol_error/protocol_error"});
  CHECK(w.x.num_inbound(node_b) == 2);
}

// -- a link that cannot be made -----------------------------------------------

namespace {

struct hopeless : sliced {
  hopeless() {
    for (uint64_t number = 11; number <= 15; ++number)
      monitor(a1, c1, number);
  }
};

} // namespace

TEST_CASE_FIXTURE(hopeless, "loss: monitors that wait for a link which cannot "
                            "be made end in slices too") {
  CHECK_LINES(failed(node_c, errc::refused),
              {"down a1 r11 c1 noconnection", "down a1 r12 c1 noconnection",
               "yield"});
  CHECK(!x.is_losing(node_c));
  CHECK_LINES(resume(), {"down a1 r13 c1 noconnection",
                         "down a1 r14 c1 noconnection", "yield"});
  CHECK_LINES(resume(), {"down a1 r15 c1 noconnection",
                         "connect_failed c refused", "settle c"});
  CHECK_LINES(resume(), {});
  CHECK(x.num_outbound() == 5);
}

TEST_CASE_FIXTURE(hopeless, "loss: a demonitor between two slices of a failed "
                            "attempt finds its monitor, and no DOWN follows") {
  failed(node_c, errc::refused);
  CHECK_LINES(demonitor(a1, 14), {});
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r13 c1 noconnection", "down a1 r15 c1 noconnection",
               "connect_failed c refused", "settle c"});
}

TEST_CASE_FIXTURE(hopeless,
                  "loss: a monitor that is made between two slices of "
                  "a failed attempt is for the next") {
  failed(node_c, errc::refused);
  CHECK_LINES(monitor(a1, c1, 16), {"open c"});
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r13 c1 noconnection", "down a1 r14 c1 noconnection",
               "down a1 r15 c1 noconnection", "connect_failed c refused",
               "settle c"});
  CHECK_LINES(up(node_c), {"nodeup c 1", "send c MONITOR_P a1 c1 r16"});
}

TEST_CASE_FIXTURE(hopeless, "loss: of two attempts that failed one after the "
                            "other each is told, and settled together") {
  failed(node_c, errc::refused);
  monitor(a1, c1, 16);
  CHECK_LINES(failed(node_c, errc::setup_timeout), {});
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r13 c1 noconnection", "down a1 r14 c1 noconnection",
               "down a1 r15 c1 noconnection", "connect_failed c refused",
               "down a1 r16 c1 noconnection", "connect_failed c setup_timeout",
               "settle c"});
}

// -- a link that comes up with many waiting for it ----------------------------

TEST_CASE_FIXTURE(hopeless, "link up: monitors that have waited are sent in "
                            "slices, in the order in which they were made") {
  CHECK(x.has_waiting(node_c));
  CHECK_LINES(up(node_c), {"nodeup c 1", "send c MONITOR_P a1 c1 r11",
                           "send c MONITOR_P a1 c1 r12", "yield"});
  // One that is made meanwhile does not overtake them.
  CHECK_LINES(monitor(a1, c1, 16), {});
  CHECK_LINES(resume(), {"send c MONITOR_P a1 c1 r13",
                         "send c MONITOR_P a1 c1 r14", "yield"});
  CHECK_LINES(demonitor(a1, 15), {"send c DEMONITOR_P a1 c1 r15"});
  CHECK_LINES(resume(), {"send c MONITOR_P a1 c1 r16"});
  CHECK(!x.has_waiting(node_c));
  CHECK_LINES(monitor(a1, c1, 17), {"send c MONITOR_P a1 c1 r17"});
  CHECK_LINES(resume(), {});
}

TEST_CASE_FIXTURE(hopeless, "link up: a link that is lost between two slices "
                            "ends what was sent and what was not") {
  up(node_c);
  CHECK_LINES(down(node_c),
              {"down a1 r11 c1 noconnection", "down a1 r12 c1 noconnection"});
  CHECK(!x.has_waiting(node_c));
  CHECK_LINES(monitor(a1, c1, 16), {"open c"});
  CHECK_LINES(resume_until_quiet(),
              {"down a1 r13 c1 noconnection", "down a1 r14 c1 noconnection",
               "down a1 r15 c1 noconnection", "nodedown c closed", "settle c"});
  CHECK_LINES(up(node_c), {"nodeup c 1", "send c MONITOR_P a1 c1 r16"});
}

TEST_CASE_FIXTURE(hopeless,
                  "link up: an exit between two slices ends a monitor "
                  "that was sent, a watcher's end those that were "
                  "not") {
  up(node_c);
  CHECK_LINES(receive(node_c, monitor_p_exit{c1, a1, ref(11), atom("bye")}),
              {"down a1 r11 c1 bye"});
  exit(1, atom("boom"));
  lines rest;
  for (auto i = 0; i < 8; ++i)
    for (auto& line : resume())
      rest.push_back(line);
  // Whichever came first to it.
  auto taken_back = std::find(rest.begin(), rest.end(),
                              "send c DEMONITOR_P a1 c1 r15");
  REQUIRE(taken_back != rest.end());
  CHECK(std::find(taken_back, rest.end(), "send c MONITOR_P a1 c1 r15")
        == rest.end());
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(hopeless, "link up: a stop between two slices leaves nothing "
                            "to go on with") {
  up(node_c);
  step(event::stop{});
  CHECK_LINES(resume(), {});
}
