// The contract, point by point, between two whole cores over a network in
// memory.

#include "tests/core/test_network.hpp"

using namespace vigil;
using namespace vigil::test;

TEST_CASE_FIXTURE(two_nodes, "contract 1: every monitor call is a monitor of "
                             "its own, also for the same pair") {
  net.connect(a, b);
  for (uint64_t i = 1; i <= 3; ++i)
    net.monitor(a, a1, b1, i);
  net.run();
  CHECK(b.plane().num_inbound(node_a) == 3);
  net.step(a, event::demonitor{a1, ref(2)});
  net.exit(b, 1, atom("x"));
  net.run();
  CHECK_LINES(a.take(), {"down a1 r1 b1 x", "down a1 r3 b1 x"});
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes, "contract 2: a monitor ends once, however its "
                             "ends race") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1); // by DOWN, which crosses the lost link
  net.monitor(a, a2, b1, 2); // by demonitor, which crosses the exit
  net.monitor(a, proc(node_a, 3), b1, 3); // by its watcher's end, likewise
  net.run();
  net.exit(b, 1, atom("x"));
  net.step(a, event::demonitor{a2, ref(2)});
  net.exit(a, 3, atom("y"));
  net.run();
  net.disconnect_all();
  net.run();
  CHECK_LINES(a.take(), {"retire r3 noproc granted", "down a1 r1 b1 x",
                         "nodedown b closed"});
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes, "contract 3: the object of a DOWN is what was "
                             "monitored, pid or name") {
  b.processes.give_name("db", 1);
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.monitor(a, a1, named("db", node_b), 2);
  net.run();
  net.exit(b, 1, exit_reason::binary("text"));
  net.run();
  CHECK_LINES(a.take(),
              {"down a1 r1 b1 \"text\"", "down a1 r2 {db,b} \"text\""});
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes, "contract 4: noproc for the dead, the unknown, an "
                             "unregistered name and an earlier creation") {
  net.connect(a, b);
  net.exit(b, 1, atom("x"));
  net.monitor(a, a1, b1, 1);
  net.monitor(a, a1, proc(node_b, 99), 2);
  net.monitor(a, a1, named("nobody", node_b), 3);
  net.monitor(a, a1, proc(node_b, 2, creation{9}), 4);
  net.run();
  CHECK_LINES(a.take(),
              {"down a1 r1 b1 noproc", "down a1 r2 b99 noproc",
               "down a1 r3 {nobody,b} noproc", "down a1 r4 b2~9 noproc"});
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes, "contract 4: a node that shuts down in good order "
                             "yields noconnection") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.run();
  net.step(b, event::stop{});
  net.run();
  CHECK_LINES(b.take(), {"stopped"});
  CHECK_LINES(a.take(), {"down a1 r1 b1 noconnection", "nodedown b shutdown"});
  CHECK(a.plane().empty());
}

TEST_CASE_FIXTURE(two_nodes, "contract 5: without a link a monitor connects, "
                             "and is sent when the link is up") {
  net.monitor(a, a1, b1, 1);
  CHECK_LINES(a.take(), {});
  net.run();
  CHECK_LINES(a.take(), {"nodeup b 1"});
  CHECK_LINES(b.take(), {"nodeup a 1"});
  check_agreement();
  net.exit(b, 1, atom("x"));
  net.run();
  CHECK_LINES(a.take(), {"down a1 r1 b1 x"});
}

TEST_CASE_FIXTURE(two_nodes, "contract 5: a connection that is refused yields "
                             "noconnection at once, a mute one at the set-up "
                             "time") {
  net.unreachable = true;
  net.monitor(a, a1, b1, 1);
  net.run();
  CHECK_LINES(a.take(),
              {"down a1 r1 b1 noconnection", "connect_failed b refused"});
  net.unreachable = false;
  net.mute(true);
  net.monitor(a, a1, b1, 2);
  net.pass(milliseconds{6'999});
  CHECK_LINES(a.take(), {});
  net.pass(milliseconds{1});
  CHECK_LINES(a.take(),
              {"down a1 r2 b1 noconnection", "connect_failed b setup_timeout"});
  check_empty();
  // Nothing is left that would stand in the way of the next attempt.
  net.mute(false);
  net.pass(seconds{20});
  a.take();
  net.monitor(a, a1, b1, 3);
  net.pass(seconds{1});
  CHECK_LINES(a.take(), {"nodeup b 1"});
  check_agreement();
}

TEST_CASE_FIXTURE(two_nodes, "contract 6: a name is resolved once, when the "
                             "request arrives, and DEMONITOR_P repeats it") {
  b.processes.give_name("db", 1);
  net.connect(a, b);
  net.monitor(a, a1, named("db", node_b), 1);
  net.monitor(a, a1, named("db", node_b), 2);
  b.processes.give_name("db", 2);
  net.run();
  b.processes.give_name("db", 3);
  CHECK(b.plane().monitored_by(b2).size() == 2);
  net.step(a, event::demonitor{a1, ref(1)});
  net.run();
  CHECK(b.plane().monitored_by(b2).size() == 1);
  net.exit(b, 2, atom("x"));
  net.run();
  CHECK_LINES(a.take(), {"down a1 r2 {db,b} x"});
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes, "contract 7: monitoring oneself creates nothing, "
                             "and one's own node needs no link") {
  net.monitor(a, a1, a1, 1);
  net.monitor(a, a1, a2, 2);
  net.exit(a, 2, atom("x"));
  CHECK_LINES(a.take(), {"retire r1 noproc granted", "down a1 r2 a2 x"});
  CHECK(net.wire_log.empty());
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes,
                  "contract 8: a monitor on a target that is gone "
                  "from the tables, but not reported, is noproc, and "
                  "those before it get its reason") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.run();
  b.processes.end(1);
  net.monitor(a, a1, b1, 2);
  net.run();
  net.exit(b, 1, atom("x"));
  net.run();
  CHECK_LINES(a.take(), {"down a1 r2 b1 noproc", "down a1 r1 b1 x"});
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes,
                  "contract 9: after demonitor no DOWN follows, also "
                  "if the exit is on its way") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.run();
  net.exit(b, 1, atom("x"));
  net.step(a, event::demonitor{a1, ref(1)});
  net.run();
  CHECK_LINES(a.take(), {});
  CHECK(a.core.plane().counters().crossings == 1);
  CHECK(b.core.plane().counters().crossings == 1);
  CHECK(a.sees(node_b));
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes, "contract 10: only the watcher may demonitor, and "
                             "a process that has ended monitors nothing") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.step(a, event::demonitor{a2, ref(1)});
  net.exit(a, 2, atom("x"));
  net.monitor(a, a2, b1, 2);
  net.run();
  CHECK_LINES(a.take(), {"retire r2 noproc refused"});
  CHECK(b.plane().num_inbound() == 1);
  net.exit(b, 1, atom("y"));
  net.run();
  CHECK_LINES(a.take(), {"down a1 r1 b1 y"});
}

TEST_CASE_FIXTURE(two_nodes, "contract 11: a link that fails during a "
                             "demonitor does not bring the monitor back") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.run();
  net.mute(true);
  net.step(a, event::demonitor{a1, ref(1)});
  net.disconnect_all();
  net.run();
  net.mute(false);
  CHECK_LINES(a.take(), {"nodedown b closed"});
  net.connect(a, b);
  net.exit(b, 1, atom("x"));
  net.run();
  CHECK_LINES(a.take(), {});
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes, "contract 12: the end of a watcher removes its "
                             "monitors on every node") {
  net.connect(a, b);
  for (uint64_t i = 1; i <= 3; ++i)
    net.monitor(a, a1, b1, i);
  net.monitor(a, a2, b1, 4);
  net.run();
  net.exit(a, 1, atom("x"));
  net.run();
  CHECK(b.plane().num_inbound() == 1);
  check_agreement();
  net.exit(b, 1, atom("y"));
  net.run();
  CHECK_LINES(a.take(), {"retire r1 noproc granted", "retire r2 noproc granted",
                         "retire r3 noproc granted", "down a2 r4 b1 y"});
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes, "contract 13: a lost link yields the DOWNs, then "
                             "the nodedown, and drops inbound monitors "
                             "silently, on both sides") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.monitor(b, b1, a1, 1);
  net.run();
  net.disconnect_all();
  net.run();
  CHECK_LINES(a.take(), {"down a1 r1 b1 noconnection", "nodedown b closed"});
  CHECK_LINES(b.take(), {"down b1 r1 a1 noconnection", "nodedown a closed"});
  check_empty();
}

TEST_CASE_FIXTURE(two_nodes, "contract 14: a node that comes back is first "
                             "down, then up, and pids of its former life are "
                             "noproc") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.run();
  net.kill(b);
  auto& again = net.add(config_of(node_b, 1, creation{2}));
  again.processes.spawn(1);
  net.step(again, event::connect{node_a});
  net.run();
  CHECK_LINES(a.take(), {"down a1 r1 b1 noconnection", "nodedown b closed",
                         "nodeup b 2"});
  net.monitor(a, a1, b1, 2);
  net.run();
  CHECK_LINES(a.take(), {"down a1 r2 b1 noproc"});
  CHECK(a.plane().empty());
}

TEST_CASE_FIXTURE(two_nodes, "contract 14: a restart that the network hides is "
                             "found out by a probe") {
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.run();
  net.disconnect_all(&b); // a does not learn of it
  net.run();
  auto& again = net.add(config_of(node_b, 1));
  net.step(again, event::connect{node_a});
  net.run();
  CHECK_LINES(a.take(), {});
  net.pass(seconds{2});
  CHECK_LINES(a.take(), {"down a1 r1 b1 noconnection", "nodedown b restarted",
                         "nodeup b 1"});
  CHECK_LINES(again.take(), {"nodeup a 1"});
}

TEST_CASE_FIXTURE(two_nodes, "contract 14: a second node under a live name is "
                             "refused, the first is not disturbed") {
  test_network other;
  net.connect(a, b);
  net.monitor(a, a1, b1, 1);
  net.run();
  // The impostor's hello, as a third connection of a brings it.
  hello x;
  x.name = "b@h";
  x.life = creation{5};
  x.being = {77, 77};
  x.numbers.sender = session_number{500};
  x.tick_time = 8'000;
  net.step(a, event::arrived{connection_id{900}, x});
  net.run();
  CHECK(a.core.sessions().counters().refusals == 1);
  CHECK_LINES(a.take(), {});
  check_agreement();
}

TEST_CASE_FIXTURE(two_nodes, "contract 15: after quiet both tables agree, and "
                             "are empty when no monitor is left") {
  net.connect(a, b);
  b.processes.give_name("db", 3);
  for (uint32_t i = 1; i <= 30; ++i) {
    net.monitor(
      a, proc(node_a, 1 + i % 3),
      i % 2 == 0 ? target{proc(node_b, 1 + i % 2)} : named("db", node_b), i);
    net.monitor(b, proc(node_b, 1 + i % 3), proc(node_a, 1 + i % 2), i);
    if (i % 4 == 0)
      net.step(a, event::demonitor{proc(node_a, 1 + i % 3), ref(i)});
    if (i % 7 == 0)
      net.deliver_one();
  }
  net.run();
  check_agreement();
  CHECK(a.plane().num_outbound() == 23);
  for (uint32_t i = 1; i <= 3; ++i) {
    net.exit(a, i, atom("x"));
    net.exit(b, i, atom("y"));
    net.run();
    check_agreement();
  }
  check_empty();
}
