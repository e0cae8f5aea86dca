#include "tests/core/monitor_table_lines.hpp"

using namespace vigil;
using namespace vigil::test;

using exit_match = monitor_table::exit_match;
using inbound_match = monitor_table::inbound_match;

TEST_CASE("monitor table: a demonitor of another watcher, an unknown reference "
          "or another life finds nothing and changes nothing") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, b1, ref(1));
  CHECK(!table.demonitor_remote(a2, ref(1)));
  CHECK(!table.demonitor_remote(a1, ref(2)));
  CHECK(!table.demonitor_remote(proc(node_a, 1, creation{2}), ref(1)));
  CHECK(!table.demonitor_remote(b1, ref(1)));
  CHECK_LINES(show(table.monitors(a1)), {"a1 b1 r1"});
  CHECK(table.num_outbound() == 1);
}

TEST_CASE("monitor table: demonitor returns the object as it was monitored, "
          "once") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, db_on_b, ref(1));
  table.monitor_remote(a1, proc(node_b, 7, creation{9}), ref(2));
  CHECK(table.demonitor_remote(a1, ref(1)) == db_on_b);
  CHECK(!table.demonitor_remote(a1, ref(1)));
  CHECK(table.demonitor_remote(a1, ref(2))
        == target{proc(node_b, 7, creation{9})});
  CHECK(table.empty());
}

TEST_CASE("monitor table: an exit report that differs in sender, object or "
          "watcher takes nothing") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, b1, ref(1));
  auto mismatch = exit_match::mismatch;
  CHECK(table.take_outbound_for_exit(node_c, b1, a1, ref(1)) == mismatch);
  CHECK(table.take_outbound_for_exit(node_b, b2, a1, ref(1)) == mismatch);
  CHECK(table.take_outbound_for_exit(node_b, b1, a2, ref(1)) == mismatch);
  CHECK(table.take_outbound_for_exit(node_b, db_on_b, a1, ref(1)) == mismatch);
  CHECK(table.take_outbound_for_exit(node_b, proc(node_b, 1, creation{2}), a1,
                                     ref(1))
        == mismatch);
  CHECK(table.take_outbound_for_exit(node_b, b1, proc(node_a, 1, creation{2}),
                                     ref(1))
        == mismatch);
  pid serial{node_b, first_life, 1, 1};
  CHECK(table.take_outbound_for_exit(node_b, serial, a1, ref(1)) == mismatch);
  CHECK(table.num_outbound() == 1);
  CHECK(table.take_outbound_for_exit(node_b, b1, a1, ref(2))
        == exit_match::unknown);
  CHECK(table.take_outbound_for_exit(node_b, b1, a1, ref(1))
        == exit_match::taken);
  CHECK(table.take_outbound_for_exit(node_b, b1, a1, ref(1))
        == exit_match::unknown);
  CHECK(table.empty());
}

TEST_CASE("monitor table: an exit by name matches that name only") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, db_on_b, ref(1));
  table.monitor_remote(a1, named("web", node_b), ref(2));
  auto mismatch = exit_match::mismatch;
  CHECK(table.take_outbound_for_exit(node_b, named("web", node_b), a1, ref(1))
        == mismatch);
  CHECK(
    table.take_outbound_for_exit(node_b, named("nobody", node_b), a1, ref(1))
    == mismatch);
  CHECK(table.take_outbound_for_exit(node_b, db_on_a, a1, ref(1)) == mismatch);
  CHECK(table.take_outbound_for_exit(node_b, db_on_b, a1, ref(1))
        == exit_match::taken);
}

TEST_CASE("monitor table: the same pair can be monitored many times") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, b1, ref(3));
  table.monitor_remote(a1, b1, ref(1));
  table.monitor_remote(a1, b1, ref(2));
  CHECK_LINES(show(table.monitors(a1)), {"a1 b1 r3", "a1 b1 r1", "a1 b1 r2"});
  CHECK(table.demonitor_remote(a1, ref(3)));
  CHECK_LINES(show(table.monitors(a1)), {"a1 b1 r1", "a1 b1 r2"});
  CHECK_LINES(lost_with(table, node_b), {"a1 b1 r1", "a1 b1 r2"});
  CHECK(table.empty());
}

TEST_CASE("monitor table: the monitors of a watcher go with it, wherever they "
          "lead") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, b1, ref(1));
  table.monitor_remote(a2, b1, ref(2));
  table.monitor_remote(a1, named("db", node_c), ref(3));
  std::vector<outbound_monitor> out;
  table.remove_outbound_for_watcher(proc(node_a, 1, creation{2}), out);
  table.remove_outbound_for_watcher(b1, out);
  CHECK(out.empty());
  table.remove_outbound_for_watcher(a1, out);
  CHECK_LINES(show(out), {"a1 b1 r1", "a1 {db,c} r3"});
  CHECK(table.num_outbound(node_c) == 0);
  CHECK_LINES(lost_with(table, node_b), {"a2 b1 r2"});
  CHECK(table.empty());
}

TEST_CASE("monitor table: the same triple twice is one record, with its first "
          "resolution") {
  monitor_table table{node_a, first_life};
  CHECK(table.register_inbound_monitor(b1, db_on_a, ref(1), a1)
        == inbound_match::unknown);
  CHECK(table.register_inbound_monitor(b1, db_on_a, ref(1), a1)
        == inbound_match::repeated);
  CHECK(table.has_inbound_monitor(b1, db_on_a, ref(1)));
  CHECK(table.num_inbound() == 1);
  CHECK_LINES(show(table.monitored_by(a1)), {"b1"});
  CHECK(table.remove_inbound_monitor(b1, db_on_a, ref(1)));
  CHECK(!table.remove_inbound_monitor(b1, db_on_a, ref(1)));
  CHECK(table.empty());
}

TEST_CASE("monitor table: a repeat by name that would resolve otherwise keeps "
          "the first process") {
  monitor_table table{node_a, first_life};
  CHECK(table.register_inbound_monitor(b1, db_on_a, ref(1), a1)
        == inbound_match::unknown);
  CHECK(table.register_inbound_monitor(b1, db_on_a, ref(1), a2)
        == inbound_match::repeated);
  CHECK_LINES(show(table.monitored_by(a1)), {"b1"});
  CHECK_LINES(show(table.monitored_by(a2)), {});
}

TEST_CASE("monitor table: node, life and reference of the watcher tell inbound "
          "monitors apart") {
  monitor_table table{node_a, first_life};
  auto add = [&](const pid& watcher, const target& object, uint64_t number,
                 const pid& process) {
    CHECK(table.register_inbound_monitor(watcher, object, ref(number), process)
          == inbound_match::unknown);
  };
  add(b1, a1, 1, a1);
  add(c1, a1, 1, a1);
  add(proc(node_b, 1, creation{2}), a1, 1, a1);
  add(b1, db_on_a, 2, a1);
  add(b1, a2, 3, a2);
  add(b1, a1, 4, a1);
  CHECK(table.num_inbound() == 6);
  CHECK_LINES(watchers_of(table, a1), {"b1 a1 r1", "c1 a1 r1", "b1~2 a1 r1",
                                       "b1 {db,a} r2", "b1 a1 r4"});
  CHECK_LINES(watchers_of(table, a1), {});
  CHECK_LINES(watchers_of(table, a2), {"b1 a2 r3"});
  CHECK(table.empty());
}

TEST_CASE("monitor table: a reference that is recorded for another watcher or "
          "object conflicts and changes nothing") {
  monitor_table table{node_a, first_life};
  table.register_inbound_monitor(b1, a1, ref(1), a1);
  table.register_inbound_monitor(b1, db_on_a, ref(2), a1);
  auto conflicts = [&](const pid& watcher, const target& object,
                       uint64_t number, const pid& process) {
    CHECK(table.match_inbound_monitor(watcher, object, ref(number))
          == inbound_match::conflicting);
    CHECK(!table.has_inbound_monitor(watcher, object, ref(number)));
    CHECK(table.register_inbound_monitor(watcher, object, ref(number), process)
          == inbound_match::conflicting);
  };
  conflicts(b2, a1, 1, a1);
  conflicts(b1, a2, 1, a2);
  conflicts(b1, db_on_a, 1, a1);
  conflicts(b1, named("web", node_a), 1, a1);
  conflicts(b1, a1, 2, a1);
  conflicts(b1, named("web", node_a), 2, a1);
  conflicts(b2, db_on_a, 2, a1);
  CHECK_LINES(watchers_of(table, a1), {"b1 a1 r1", "b1 {db,a} r2"});
  CHECK(table.match_inbound_monitor(b1, a1, ref(1)) == inbound_match::unknown);
  // Names that conflicted are forgotten as well.
  CHECK(table.empty());
}

TEST_CASE("monitor table: removing an inbound monitor that does not exist is "
          "ignored") {
  monitor_table table{node_a, first_life};
  table.register_inbound_monitor(b1, db_on_a, ref(1), a1);
  CHECK(!table.remove_inbound_monitor(b1, a1, ref(1)));
  CHECK(!table.remove_inbound_monitor(b2, db_on_a, ref(1)));
  CHECK(!table.remove_inbound_monitor(b1, db_on_a, ref(2)));
  CHECK(!table.remove_inbound_monitor(b1, db_on_b, ref(1)));
  CHECK(
    !table.remove_inbound_monitor(b1, proc(node_a, 1, creation{2}), ref(1)));
  CHECK(!table.remove_inbound_monitor(proc(node_d, 1), db_on_a, ref(1)));
  CHECK(table.num_inbound() == 1);
}

TEST_CASE("monitor table: a monitor between two local processes is in both "
          "halves, which do not depend on each other") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, db_on_a, ref(1));
  table.register_inbound_monitor(a1, db_on_a, ref(1), a2);
  CHECK(table.take_outbound_for_exit(node_a, db_on_a, a1, ref(1))
        == exit_match::taken);
  CHECK_LINES(show(table.monitored_by(a2)), {"a1"});
  CHECK(!table.empty());
  CHECK(table.remove_inbound_monitor(a1, db_on_a, ref(1)));
  CHECK(table.empty());
}

TEST_CASE("monitor table: a name is forgotten with its last monitor, and its "
          "number serves another name") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, db_on_b, ref(1));
  table.register_inbound_monitor(b1, db_on_a, ref(1), a2);
  CHECK(table.demonitor_remote(a1, ref(1)));
  CHECK(table.has_inbound_monitor(b1, db_on_a, ref(1)));
  CHECK(table.remove_inbound_monitor(b1, db_on_a, ref(1)));
  CHECK(table.empty());
  table.monitor_remote(a1, named("web", node_b), ref(2));
  CHECK(table.take_outbound_for_exit(node_b, db_on_b, a1, ref(2))
        == exit_match::mismatch);
  CHECK(table.demonitor_remote(a1, ref(2)) == named("web", node_b));
  CHECK(table.empty());
}

TEST_CASE("monitor table: pids of other lives of the node are nobody here") {
  monitor_table table{node_a, creation{2}};
  pid now{node_a, creation{2}, 1, 0};
  table.register_inbound_monitor(b1, now, ref(1), now);
  CHECK_LINES(show(table.monitored_by(a1)), {});
  CHECK_LINES(watchers_of(table, a1), {});
  CHECK(!table.has_inbound_monitor(b1, a1, ref(1)));
  CHECK(table.num_inbound() == 1);
}

TEST_CASE("monitor table: a pid without a life is not mistaken for a name") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, db_on_b, ref(1));
  // What a name looks like inside: no life, and the name's number.
  for (uint32_t number = 0; number < 3; ++number)
    CHECK(table.take_outbound_for_exit(
            node_b, pid{node_b, creation{}, number, 0}, a1, ref(1))
          == exit_match::mismatch);
  CHECK(table.num_outbound() == 1);
}

TEST_CASE("monitor table: serial and number are both part of a process") {
  monitor_table table{node_a, first_life};
  pid low{node_a, first_life, 5, 0};
  pid high{node_a, first_life, 5, 1};
  pid top{node_a, first_life, UINT32_MAX, UINT32_MAX};
  pid far{node_b, creation{UINT32_MAX}, UINT32_MAX, UINT32_MAX};
  table.monitor_remote(low, far, ref(1));
  table.monitor_remote(high, far, ref(2));
  table.monitor_remote(top, far, last_reference);
  CHECK(table.monitors(low).size() == 1);
  CHECK(table.monitors(high).size() == 1);
  REQUIRE(table.monitors(top).size() == 1);
  CHECK(table.monitors(top)[0].watcher == top);
  CHECK(table.monitors(top)[0].object == target{far});
  CHECK(table.monitors(top)[0].ref == last_reference);
  CHECK(table.take_outbound_for_exit(node_b, far, top, last_reference)
        == exit_match::taken);
}
