// Monitors between processes of node a and others, as node a sees them. Line by
// line: what happened, and what the control plane wanted done about it.

#include "tests/core/control_plane_fixture.hpp"

using namespace vigil;
using namespace vigil::test;

using plane = control_plane_fixture;

TEST_CASE_FIXTURE(plane, "control plane: monitors made while connecting are "
                         "sent in order when the link is up, those taken back "
                         "not at all") {
  CHECK_LINES(monitor(a1, b1, 1), {"open b"});
  CHECK_LINES(monitor(a2, named("db", node_b), 2), {});
  CHECK_LINES(monitor(a1, b2, 3), {});
  CHECK_LINES(demonitor(a2, 2), {});
  CHECK_LINES(up(node_b), {"nodeup b 1", "send b MONITOR_P a1 b1 r1",
                           "send b MONITOR_P a1 b2 r3"});
  CHECK_LINES(monitor(a2, b2, 4), {"send b MONITOR_P a2 b2 r4"});
}

TEST_CASE_FIXTURE(plane, "control plane: a link that never comes up yields "
                         "noconnection for each monitor, oldest first, then "
                         "the failure") {
  monitor(a1, b1, 1);
  monitor(a1, c1, 2);
  monitor(a2, named("db", node_b), 3);
  CHECK_LINES(failed(node_b, errc::refused),
              {"down a1 r1 b1 noconnection", "down a2 r3 {db,b} noconnection",
               "connect_failed b refused"});
  CHECK(x.num_outbound() == 1);
  // The next one tries again.
  CHECK_LINES(monitor(a1, b1, 4), {"open b"});
}

TEST_CASE_FIXTURE(plane, "control plane: after the last monitor was taken back "
                         "while connecting, the next opens the link again") {
  CHECK_LINES(monitor(a1, b1, 1), {"open b"});
  CHECK_LINES(demonitor(a1, 1), {});
  // A transport does nothing about a link that is being made.
  CHECK_LINES(monitor(a1, b1, 2), {"open b"});
}

TEST_CASE_FIXTURE(plane, "control plane: with the link go the DOWNs, oldest "
                         "first, then the nodedown, and inbound monitors "
                         "silently") {
  up(node_b);
  up(node_c);
  monitor(a1, b1, 1);
  monitor(a2, named("db", node_b), 2);
  monitor(a1, c1, 3);
  receive(node_b, monitor_p{b1, a1, ref(1)});
  receive(node_c, monitor_p{c1, a1, ref(1)});
  CHECK_LINES(down(node_b, down_cause::net_tick_timeout),
              {"down a1 r1 b1 noconnection", "down a2 r2 {db,b} noconnection",
               "nodedown b net_tick_timeout"});
  CHECK_LINES(down(node_b), {});
  CHECK(x.monitored_by(a1) == std::vector<pid>{c1});
  CHECK(x.num_outbound() == 1);
  CHECK(x.nodes() == std::vector<node_name>{node_c});
  // Nothing is told to a node that is gone.
  CHECK_LINES(exit(1, atom("x")),
              {"send c MONITOR_P_EXIT a1 c1 r1 x",
               "send c DEMONITOR_P a1 c1 r3", "retire r3 noproc granted"});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(plane, "control plane: a link that fails after it is up, or "
                         "goes down before, is no news") {
  up(node_b);
  monitor(a1, b1, 1);
  CHECK_LINES(failed(node_b, errc::closed), {});
  CHECK(x.num_outbound() == 1);
  CHECK_LINES(down(node_c), {});
}

TEST_CASE_FIXTURE(plane, "control plane: an exit takes its monitor once, later "
                         "ones cross and are dropped and counted") {
  up(node_b);
  monitor(a1, b1, 1);
  monitor(a1, b1, 2);
  auto exit_of_b1 = [&](uint64_t n) {
    return receive(node_b, monitor_p_exit{b1, a1, ref(n), atom("bye")});
  };
  CHECK_LINES(exit_of_b1(1), {"down a1 r1 b1 bye"});
  CHECK_LINES(exit_of_b1(1), {});
  CHECK(x.counters().crossings == 1);
  CHECK_LINES(demonitor(a1, 2), {"send b DEMONITOR_P a1 b1 r2"});
  CHECK_LINES(exit_of_b1(2), {});
  CHECK(x.counters().crossings == 2);
  CHECK(x.counters().downs_exit == 1);
  CHECK(x.counters().violations == 0);
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(plane, "control plane: a demonitor that crosses the exit it "
                         "takes back is dropped and counted") {
  up(node_b);
  receive(node_b, monitor_p{b1, a1, ref(1)});
  exit(1, atom("x"));
  CHECK_LINES(receive(node_b, demonitor_p{b1, a1, ref(1)}), {});
  CHECK(x.counters().crossings == 1);
}

TEST_CASE_FIXTURE(plane, "control plane: demonitor finds nothing for another "
                         "watcher, a second time, or an unknown reference") {
  up(node_b);
  monitor(a1, b1, 1);
  CHECK_LINES(demonitor(a2, 1), {});
  CHECK_LINES(demonitor(a1, 9), {});
  CHECK(x.counters().demonitors == 0);
  CHECK_LINES(demonitor(a1, 1), {"send b DEMONITOR_P a1 b1 r1"});
  CHECK_LINES(demonitor(a1, 1), {});
  CHECK(x.counters().demonitors == 1);
}

TEST_CASE_FIXTURE(plane, "control plane: a demonitor by name names the target "
                         "as it was monitored") {
  up(node_b);
  monitor(a1, named("db", node_b), 1);
  CHECK_LINES(demonitor(a1, 1), {"send b DEMONITOR_P a1 {db,b} r1"});
}

TEST_CASE_FIXTURE(plane, "control plane: a demonitor during an outage is local "
                         "and cannot bring the monitor back") {
  up(node_b);
  monitor(a1, b1, 1);
  carrier.refuse(true);
  // The send has no route: the link is lost, but the monitor is gone already.
  CHECK_LINES(demonitor(a1, 1), {"nodedown b closed"});
  CHECK(x.empty());
  carrier.refuse(false);
  CHECK_LINES(up(node_b), {"nodeup b 1"});
}

TEST_CASE_FIXTURE(plane, "control plane: a send without a route ends the link, "
                         "with all that belongs to it") {
  up(node_b);
  monitor(a1, b1, 1);
  receive(node_b, monitor_p{b2, a2, ref(7)});
  carrier.refuse(true);
  CHECK_LINES(monitor(a2, b1, 2),
              {"down a1 r1 b1 noconnection", "down a2 r2 b1 noconnection",
               "nodedown b closed"});
  CHECK(!x.is_up(node_b));
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(plane, "control plane: one exit whose watchers are on two "
                         "nodes without a route ends both links") {
  up(node_b);
  up(node_c);
  monitor(a2, b1, 1);
  monitor(a2, c1, 2);
  receive(node_b, monitor_p{b1, a1, ref(1)});
  receive(node_c, monitor_p{c1, a1, ref(1)});
  receive(node_b, monitor_p{b2, a1, ref(2)});
  carrier.refuse(true);
  CHECK_LINES(exit(1, atom("x")),
              {"down a2 r1 b1 noconnection", "nodedown b closed",
               "down a2 r2 c1 noconnection", "nodedown c closed"});
  CHECK(x.nodes().empty());
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(plane, "control plane: the end of a watcher takes one "
                         "DEMONITOR_P for each of its monitors, and retires "
                         "them") {
  up(node_b);
  monitor(a1, b1, 1);
  monitor(a1, b1, 2);
  monitor(a1, named("db", node_b), 3);
  monitor(a1, c1, 4); // never sent: no link
  monitor(a2, b1, 5);
  CHECK_LINES(exit(1, exit_reason::normal()),
              {"send b DEMONITOR_P a1 b1 r1", "retire r1 noproc granted",
               "send b DEMONITOR_P a1 b1 r2", "retire r2 noproc granted",
               "send b DEMONITOR_P a1 {db,b} r3", "retire r3 noproc granted",
               "retire r4 noproc granted"});
  CHECK(x.num_outbound() == 1);
  // What comes in for it has crossed.
  CHECK_LINES(receive(node_b, monitor_p_exit{b1, a1, ref(1), atom("x")}), {});
  CHECK(x.counters().crossings == 1);
}

TEST_CASE_FIXTURE(plane, "control plane: a process that ended can monitor no "
                         "more") {
  processes.end(1);
  CHECK_LINES(monitor(a1, b1, 1), {"retire r1 noproc refused"});
  CHECK_LINES(monitor(proc(node_a, 2, creation{9}), b1, 2),
              {"retire r2 noproc refused"});
  CHECK_LINES(monitor(b1, a2, 3), {"retire r3 noproc refused"});
  CHECK(x.empty());
}

TEST_CASE_FIXTURE(plane, "control plane: exits of other nodes, of other lives "
                         "and of nobody are not ours to report") {
  up(node_b);
  monitor(a1, b1, 1);
  receive(node_b, monitor_p{b1, a1, ref(1)});
  CHECK_LINES(step(event::process_exited{b1, atom("x")}), {});
  CHECK_LINES(
    step(event::process_exited{proc(node_a, 1, creation{9}), atom("x")}), {});
  CHECK_LINES(exit(99, atom("x")), {});
  CHECK(x.num_outbound() == 1);
  CHECK(x.num_inbound() == 1);
}

// -- requests about links -----------------------------------------------------

TEST_CASE_FIXTURE(plane, "control plane: connect opens a link, to oneself "
                         "there is none") {
  CHECK_LINES(step(event::connect{node_b}), {"open b"});
  CHECK_LINES(step(event::connect{node_a}), {"connect_failed a bad_argument"});
  CHECK_LINES(step(event::disconnect{node_b}),
              {"close b requested/no_connection"});
  CHECK_LINES(step(event::disconnect{node_a}), {});
}

TEST_CASE_FIXTURE(plane, "control plane: a node that stops grants nothing, "
                         "reports no exit and hears no link") {
  up(node_b);
  monitor(a1, b1, 1);
  receive(node_b, monitor_p{b1, a1, ref(1)});
  CHECK_LINES(step(event::stop{}), {});
  CHECK_LINES(monitor(a1, b1, 2), {"retire r2 shutdown refused"});
  CHECK_LINES(monitor(a1, a2, 3), {"retire r3 shutdown refused"});
  CHECK_LINES(demonitor(a1, 1), {});
  CHECK_LINES(step(event::connect{node_c}), {"connect_failed c shutdown"});
  CHECK_LINES(step(event::disconnect{node_b}), {});
  CHECK_LINES(receive(node_b, monitor_p_exit{b1, a1, ref(1), atom("x")}), {});
  CHECK_LINES(exit(1, atom("x")), {});
  CHECK_LINES(down(node_b), {});
  CHECK_LINES(up(node_c), {});
  CHECK_LINES(failed(node_d, errc::closed), {});
}

TEST_CASE_FIXTURE(plane, "control plane: counters tell what was sent, received "
                         "and delivered") {
  up(node_b);
  monitor(a1, b1, 1);
  monitor(a1, b1, 2);
  monitor(a1, b1, 3);
  receive(node_b, monitor_p_exit{b1, a1, ref(1), exit_reason::noproc()});
  receive(node_b, monitor_p_exit{b1, a1, ref(2), atom("x")});
  down(node_b);
  const auto& counters = x.counters();
  CHECK(counters.sent == 3);
  CHECK(counters.received == 2);
  CHECK(counters.downs_noproc == 1);
  CHECK(counters.downs_exit == 1);
  CHECK(counters.downs_noconnection == 1);
}
