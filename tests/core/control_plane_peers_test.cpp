// What peers may say to a control plane and what they may not; and monitors
// within one node.

#include "tests/core/control_plane_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

using plane = control_plane_fixture;

namespace {

const lines broken_off{"close b protocol_error/protocol_error"};

} // namespace

// -- violations ---------------------------------------------------------------

TEST_CASE_FIXTURE(plane, "control plane: a peer that speaks for the process of "
                         "another node loses its session") {
  up(node_b);
  up(node_c);
  CHECK(receive(node_b, monitor_p{c1, a1, ref(1)}) == broken_off);
  CHECK(receive(node_b, monitor_p{a2, a1, ref(1)}) == broken_off);
  receive(node_c, monitor_p{c1, a1, ref(1)});
  CHECK(receive(node_b, demonitor_p{c1, a1, ref(1)}) == broken_off);
  CHECK(x.counters().violations == 3);
  CHECK(x.monitored_by(a1) == std::vector<pid>{c1});
}

TEST_CASE_FIXTURE(plane, "control plane: a peer that names a third node loses "
                         "its session") {
  up(node_b);
  monitor(a1, b1, 1);
  CHECK(receive(node_b, monitor_p{b1, c1, ref(1)}) == broken_off);
  CHECK(receive(node_b, monitor_p{b1, named("db", node_c), ref(1)})
        == broken_off);
  CHECK(receive(node_b, monitor_p{b1, b2, ref(1)}) == broken_off);
  CHECK(receive(node_b, demonitor_p{b1, named("db", node_c), ref(1)})
        == broken_off);
  CHECK(receive(node_b, monitor_p_exit{c1, a1, ref(1), atom("x")})
        == broken_off);
  CHECK(receive(node_b, monitor_p_exit{b1, c1, ref(1), atom("x")})
        == broken_off);
  CHECK(x.num_outbound() == 1);
  CHECK(x.num_inbound() == 0);
}

TEST_CASE_FIXTURE(plane, "control plane: a watcher of another creation than "
                         "the link's, on either side, is a violation") {
  up(node_b, creation{7});
  CHECK(receive(node_b, monitor_p{b1, a1, ref(1)}) == broken_off);
  CHECK(receive(node_b, demonitor_p{b1, a1, ref(1)}) == broken_off);
  pid elder = proc(node_a, 1, creation{9});
  CHECK(receive(node_b, monitor_p_exit{b1, elder, ref(1), atom("x")})
        == broken_off);
  CHECK_LINES(
    receive(node_b, monitor_p{proc(node_b, 1, creation{7}), a1, ref(1)}), {});
  CHECK(x.num_inbound() == 1);
}

TEST_CASE_FIXTURE(plane, "control plane: malformed fields are violations") {
  up(node_b);
  CHECK(receive(node_b, monitor_p{b1, a1, reference{1}}) == broken_off);
  CHECK(receive(node_b, monitor_p{proc(node_b, 0), a1, ref(1)}) == broken_off);
  CHECK(receive(node_b, monitor_p{b1, proc(node_a, 1, creation{0}), ref(1)})
        == broken_off);
  CHECK(receive(node_b, monitor_p{b1, named_target{{}, node_a}, ref(1)})
        == broken_off);
  CHECK(receive(node_b, demonitor_p{b1, a1, reference{}}) == broken_off);
  CHECK(receive(node_b, monitor_p_exit{b1, a1, reference{}, atom("x")})
        == broken_off);
  CHECK(x.counters().violations == 6);
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(plane, "control plane: a peer that uses a reference for "
                         "another watcher or object loses its session and not "
                         "the monitor") {
  processes.give_name("db", 1);
  up(node_b);
  up(node_c);
  CHECK_LINES(receive(node_b, monitor_p{b1, a1, ref(1)}), {});
  CHECK(receive(node_b, monitor_p{b2, a1, ref(1)}) == broken_off);
  CHECK(receive(node_b, monitor_p{b1, a2, ref(1)}) == broken_off);
  CHECK(receive(node_b, monitor_p{b1, named("db", node_a), ref(1)})
        == broken_off);
  // Also if there is nothing to monitor.
  CHECK(receive(node_b, monitor_p{b1, proc(node_a, 99), ref(1)}) == broken_off);
  CHECK(x.counters().violations == 4);
  CHECK(x.counters().repeats == 0);
  // Another node has references of its own.
  CHECK_LINES(receive(node_c, monitor_p{c1, a1, ref(1)}), {});
  CHECK_LINES(exit(1, atom("bye")), {"send b MONITOR_P_EXIT a1 b1 r1 bye",
                                     "send c MONITOR_P_EXIT a1 c1 r1 bye"});
}

TEST_CASE_FIXTURE(plane, "control plane: the farewell over a reference that "
                         "was used twice quotes the second use") {
  up(node_b);
  receive(node_b, monitor_p{b1, a1, ref(1)});
  driver.step(event::received{node_b, monitor_p{b2, a1, ref(1)}}, processes,
              [](const control_effect&) {});
  auto records = carrier.take();
  REQUIRE(records.size() == 1);
  CHECK(std::get<recording_transport::closed>(records[0]).why.detail
        == "uses the reference of another monitor: "
             + to_string(monitor_p{b2, a1, ref(1)}));
}

TEST_CASE_FIXTURE(plane, "control plane: an exit whose sender is not the "
                         "target's node, or with another watcher or object, "
                         "ends the session and not the monitor") {
  up(node_b);
  up(node_c);
  monitor(a1, b1, 1);
  monitor(a1, named("db", node_b), 2);
  lines c_broken_off{"close c protocol_error/protocol_error"};
  CHECK(receive(node_c, monitor_p_exit{b1, a1, ref(1), atom("x")})
        == c_broken_off);
  CHECK(receive(node_c, monitor_p_exit{c1, a1, ref(1), atom("x")})
        == c_broken_off);
  CHECK(receive(node_b, monitor_p_exit{b2, a1, ref(1), atom("x")})
        == broken_off);
  CHECK(receive(node_b, monitor_p_exit{b1, a2, ref(1), atom("x")})
        == broken_off);
  CHECK(receive(node_b, monitor_p_exit{b1, a1, ref(2), atom("x")})
        == broken_off);
  CHECK(x.num_outbound() == 2);
  CHECK_LINES(
    receive(node_b, monitor_p_exit{named("db", node_b), a1, ref(2), atom("x")}),
    {"down a1 r2 {db,b} x"});
}

TEST_CASE_FIXTURE(plane, "control plane: what comes from a node whose link is "
                         "not up is dropped") {
  CHECK_LINES(receive(node_b, monitor_p{b1, a1, ref(1)}), {});
  up(node_b);
  down(node_b);
  CHECK_LINES(receive(node_b, monitor_p{b1, a1, ref(1)}), {});
  CHECK(x.counters().received == 0);
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(plane, "control plane: a farewell over a violation stays "
                         "within the bound of its detail") {
  up(node_b);
  recording_transport::record last;
  std::string megabyte(exit_reason::max_size - 16, 'x');
  driver.step(event::received{node_b,
                              monitor_p_exit{c1, a1, ref(1),
                                             exit_reason::binary(megabyte)}},
              processes, [](const control_effect&) {});
  auto records = carrier.take();
  REQUIRE(records.size() == 1);
  const auto& closed = std::get<recording_transport::closed>(records[0]);
  CHECK(closed.why.detail.size() <= farewell::max_detail);
}

// -- monitors of peers --------------------------------------------------------

TEST_CASE_FIXTURE(plane, "control plane: an exit tells every watcher, oldest "
                         "first, each with the target as it named it") {
  processes.give_name("db", 1);
  up(node_b);
  up(node_c);
  receive(node_b, monitor_p{b1, a1, ref(1)});
  receive(node_c, monitor_p{c1, named("db", node_a), ref(1)});
  receive(node_b, monitor_p{b1, a1, ref(2)});
  monitor(a2, a1, 9);
  CHECK_LINES(exit(1, atom("bye")),
              {"send b MONITOR_P_EXIT a1 b1 r1 bye",
               "send c MONITOR_P_EXIT {db,a} c1 r1 bye",
               "send b MONITOR_P_EXIT a1 b1 r2 bye", "down a2 r9 a1 bye"});
  CHECK(x.empty());
  CHECK_LINES(exit(1, atom("bye")), {});
}

TEST_CASE_FIXTURE(plane, "control plane: a monitor on what is not alive is "
                         "answered noproc and leaves no record") {
  up(node_b);
  CHECK_LINES(receive(node_b, monitor_p{b1, proc(node_a, 99), ref(1)}),
              {"send b MONITOR_P_EXIT a99 b1 r1 noproc"});
  CHECK_LINES(receive(node_b, monitor_p{b1, named("nobody", node_a), ref(2)}),
              {"send b MONITOR_P_EXIT {nobody,a} b1 r2 noproc"});
  CHECK_LINES(receive(node_b,
                      monitor_p{b1, proc(node_a, 1, creation{9}), ref(3)}),
              {"send b MONITOR_P_EXIT a1~9 b1 r3 noproc"});
  pid serial{node_a, first_life, 1, 1};
  CHECK_LINES(receive(node_b, monitor_p{b1, serial, ref(4)}),
              {"send b MONITOR_P_EXIT a1.1 b1 r4 noproc"});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(plane, "control plane: a name is resolved once, when the "
                         "request arrives") {
  processes.give_name("db", 1);
  up(node_b);
  receive(node_b, monitor_p{b1, named("db", node_a), ref(1)});
  processes.give_name("db", 2);
  CHECK_LINES(exit(2, atom("x")), {});
  CHECK_LINES(exit(1, atom("y")), {"send b MONITOR_P_EXIT {db,a} b1 r1 y"});
}

TEST_CASE_FIXTURE(plane, "control plane: a request that arrives twice keeps "
                         "its first resolution") {
  processes.give_name("db", 1);
  up(node_b);
  receive(node_b, monitor_p{b1, named("db", node_a), ref(1)});
  processes.give_name("db", 2);
  CHECK_LINES(receive(node_b, monitor_p{b1, named("db", node_a), ref(1)}), {});
  CHECK(x.counters().repeats == 1);
  CHECK(x.num_inbound() == 1);
  CHECK(x.monitored_by(a1) == std::vector<pid>{b1});
}

TEST_CASE_FIXTURE(plane, "control plane: a repeat whose target is no longer "
                         "alive is still a repeat until its exit is reported") {
  up(node_b);
  receive(node_b, monitor_p{b1, a1, ref(1)});
  processes.end(1);
  // Invisible already, the report is on its way: one DOWN, not two.
  CHECK_LINES(receive(node_b, monitor_p{b1, a1, ref(1)}), {});
  CHECK_LINES(exit(1, atom("x")), {"send b MONITOR_P_EXIT a1 b1 r1 x"});
}

TEST_CASE_FIXTURE(plane, "control plane: a demonitor of a peer takes its own "
                         "monitor only, named as it was") {
  processes.give_name("db", 1);
  up(node_b);
  receive(node_b, monitor_p{b1, named("db", node_a), ref(1)});
  CHECK_LINES(receive(node_b, demonitor_p{b1, a1, ref(1)}), {});
  CHECK_LINES(receive(node_b, demonitor_p{b2, named("db", node_a), ref(1)}),
              {});
  CHECK(x.counters().crossings == 2);
  CHECK(x.num_inbound() == 1);
  CHECK_LINES(receive(node_b, demonitor_p{b1, named("db", node_a), ref(1)}),
              {});
  CHECK(x.empty());
  CHECK_LINES(exit(1, atom("x")), {});
}

// -- within one node ----------------------------------------------------------

TEST_CASE_FIXTURE(plane, "control plane: monitoring oneself, by pid or by "
                         "name, is granted and creates nothing") {
  processes.give_name("me", 1);
  CHECK_LINES(monitor(a1, a1, 1), {"retire r1 noproc granted"});
  CHECK_LINES(monitor(a1, named("me", node_a), 2),
              {"retire r2 noproc granted"});
  CHECK(x.empty());
  CHECK_LINES(exit(1, atom("x")), {});
}

TEST_CASE_FIXTURE(plane, "control plane: a process of the own node needs no "
                         "link") {
  processes.give_name("db", 2);
  CHECK_LINES(monitor(a1, a2, 1), {});
  CHECK_LINES(monitor(a1, named("db", node_a), 2), {});
  CHECK(x.num_outbound(node_a) == 2);
  CHECK(x.num_inbound(node_a) == 2);
  CHECK_LINES(demonitor(a1, 1), {});
  CHECK(x.num_inbound(node_a) == 1);
  CHECK_LINES(exit(2, atom("x")), {"down a1 r2 {db,a} x"});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(plane, "control plane: a target of the own node that is not "
                         "alive, or of its earlier life, is noproc at once") {
  CHECK_LINES(monitor(a1, proc(node_a, 99), 1), {"down a1 r1 a99 noproc"});
  CHECK_LINES(monitor(a1, named("nobody", node_a), 2),
              {"down a1 r2 {nobody,a} noproc"});
  // The same numbers, another creation: not the process itself either.
  CHECK_LINES(monitor(a1, proc(node_a, 1, creation{9}), 3),
              {"down a1 r3 a1~9 noproc"});
  CHECK(x.empty());
  CHECK(x.counters().downs_noproc == 3);
}

TEST_CASE_FIXTURE(plane, "control plane: the end of a local watcher leaves "
                         "nothing on its local target") {
  monitor(a1, a2, 1);
  monitor(a2, a1, 2);
  CHECK_LINES(exit(1, atom("x")),
              {"down a2 r2 a1 x", "retire r1 noproc granted"});
  CHECK(x.empty());
  CHECK_LINES(exit(2, atom("y")), {});
}
