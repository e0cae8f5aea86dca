// What a monitor table holds, as lines of a transcript.

#pragma once

#include "src/table/monitor_table.hpp"

#include "tests/core/transcript.hpp"

#include <vector>

namespace vigil::test {

inline const auto a1 = proc(node_a, 1);
inline const auto a2 = proc(node_a, 2);
inline const auto b1 = proc(node_b, 1);
inline const auto b2 = proc(node_b, 2);
inline const auto c1 = proc(node_c, 1);
inline const auto db_on_a = named("db", node_a);
inline const auto db_on_b = named("db", node_b);

/// Says what a list of monitors holds.
template <class Monitors>
lines show(const Monitors& xs) {
  lines result;
  for (const auto& x : xs)
    result.push_back(brief(x.watcher) + " " + brief(x.object) + " "
                     + brief(x.ref));
  return result;
}

inline lines show(const std::vector<down_notice>& xs) {
  lines result;
  for (const auto& x : xs)
    result.push_back(brief(x.watcher) + " " + brief(x.message.object) + " "
                     + brief(x.message.ref));
  return result;
}

inline lines show(const std::vector<pid>& xs) {
  lines result;
  for (const auto& x : xs)
    result.push_back(brief(x));
  return result;
}

/// Ends what is at `node`, `limit` at most, and says what that was.
inline lines lost_with(monitor_table& table, node_name node,
                       size_t limit = monitor_table::no_limit) {
  std::vector<down_notice> out;
  auto portion = table.end_outbound_for_node(table.begin_sweep(node), {}, out,
                                             limit);
  CHECK(portion.taken == out.size());
  return show(out);
}

/// Ends the monitors on `process` and says what they were.
inline lines watchers_of(monitor_table& table, const pid& process) {
  std::vector<inbound_monitor> out;
  table.collect_inbound_for_target(process, out);
  return show(out);
}

} // namespace vigil::test
