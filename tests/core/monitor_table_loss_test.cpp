#include "tests/core/monitor_table_lines.hpp"

#include <algorithm>

using namespace vigil;
using namespace vigil::test;

TEST_CASE("monitor table: what is lost with a node is its own, in the order of "
          "its references") {
  monitor_table table{node_a, first_life};
  table.monitor_remote(a1, b1, ref(1));
  table.monitor_remote(a2, db_on_b, ref(2));
  table.monitor_remote(a1, c1, ref(3));
  table.monitor_remote(a1, b2, ref(4));
  CHECK(table.num_outbound(node_b) == 3);
  std::vector<outbound_monitor> kept;
  table.list_outbound_for_node(node_b, kept);
  CHECK_LINES(show(kept), {"a1 b1 r1", "a2 {db,b} r2", "a1 b2 r4"});
  CHECK_LINES(lost_with(table, node_b),
              {"a1 b1 r1", "a2 {db,b} r2", "a1 b2 r4"});
  CHECK_LINES(lost_with(table, node_b), {});
  CHECK_LINES(lost_with(table, node_d), {});
  CHECK(table.num_outbound() == 1);
  CHECK_LINES(show(table.monitors(a1)), {"a1 c1 r3"});
  CHECK_LINES(show(table.monitors(a2)), {});
}

TEST_CASE("monitor table: what a loss leaves to a watcher stays in its order, "
          "wherever in the ring and in whatever portions the rest goes") {
  // Which of one watcher's monitors are at b; the others are at c.
  const std::vector<std::string> rings{"b",       "bb",   "bc",    "cb",
                                       "bcb",     "cbc",  "bbcc",  "ccbb",
                                       "bccb",    "cbbc", "bbbbb", "bcbcb",
                                       "cbbcbbcb"};
  for (const auto& ring : rings)
    for (size_t limit = 1; limit <= ring.size(); ++limit) {
      monitor_table table{node_a, first_life};
      lines kept;
      for (uint64_t i = 0; i < ring.size(); ++i) {
        // In between stand those of another watcher.
        table.monitor_remote(a1, ring[i] == 'b' ? b1 : c1, ref(2 * i));
        table.monitor_remote(a2, b2, ref(2 * i + 1));
        if (ring[i] == 'c')
          kept.push_back("a1 c1 r" + std::to_string(2 * i));
      }
      auto sweep = table.begin_sweep(node_b);
      std::vector<down_notice> out;
      while (!table.end_outbound_for_node(sweep, {}, out, limit).done)
        CHECK(show(table.monitors(a1)).size() + show(table.monitors(a2)).size()
              == table.num_outbound());
      CHECK(out.size() == 2 * ring.size() - kept.size());
      CHECK(show(table.monitors(a1)) == kept);
      CHECK(table.monitors(a2).empty());
      table.monitor_remote(a1, c1, ref(99));
      kept.emplace_back("a1 c1 r99");
      CHECK(show(table.monitors(a1)) == kept);
      std::vector<outbound_monitor> rest;
      table.remove_outbound_for_watcher(a1, rest);
      CHECK(table.empty());
    }
}

TEST_CASE("monitor table: what is lost with a node can be had in portions, and "
          "without what came later") {
  monitor_table table{node_a, first_life};
  for (uint64_t i = 1; i <= 300; ++i)
    table.monitor_remote(a1, i % 3 == 0 ? target{db_on_b} : target{b1}, ref(i));
  auto sweep = table.begin_sweep(node_b);
  // Some of the later ones take the places of earlier ones.
  for (uint64_t i = 1; i <= 300; i += 5)
    CHECK(table.demonitor_remote(a1, ref(i)));
  for (uint64_t i = 301; i <= 700; ++i)
    table.monitor_remote(a1, i % 2 == 0 ? target{db_on_b} : target{b1}, ref(i));
  std::vector<down_notice> out;
  CHECK(table.end_outbound_for_node(sweep, {}, out, 0).taken == 0);
  for (auto done = false; !done;) {
    auto portion = table.end_outbound_for_node(sweep, {}, out, 7);
    REQUIRE(portion.looks < 7 + 64 + 2);
    REQUIRE(portion.taken <= 7);
    done = portion.done;
  }
  CHECK(table.end_outbound_for_node(sweep, {}, out, 7).done);
  std::vector<uint64_t> lost;
  lost.reserve(out.size());
  for (const auto& x : out)
    lost.push_back(to_integer(x.message.ref) - to_integer(ref(0)));
  std::sort(lost.begin(), lost.end());
  std::vector<uint64_t> expected;
  for (uint64_t i = 1; i <= 300; ++i)
    if (i % 5 != 1)
      expected.push_back(i);
  CHECK(lost == expected);
  CHECK(table.num_outbound(node_b) == 400);
}

TEST_CASE("monitor table: what a node held is dropped with it, and nothing "
          "else") {
  monitor_table table{node_a, first_life};
  table.register_inbound_monitor(b1, a1, ref(1), a1);
  table.register_inbound_monitor(c1, a1, ref(1), a1);
  table.register_inbound_monitor(b2, db_on_a, ref(2), a1);
  CHECK(table.num_inbound(node_b) == 2);
  auto drop = [&](node_name node) {
    return table.remove_inbound_for_watcher_node(table.begin_sweep(node)).taken;
  };
  CHECK(drop(node_b) == 2);
  CHECK(drop(node_b) == 0);
  CHECK(drop(node_d) == 0);
  CHECK(table.num_inbound(node_c) == 1);
  CHECK_LINES(show(table.monitored_by(a1)), {"c1"});
  CHECK_LINES(watchers_of(table, a1), {"c1 a1 r1"});
  CHECK(table.empty());
}
