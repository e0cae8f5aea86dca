#include "bench/cluster/vigil_driver.hpp"

#include "bench/cluster/vigil_pair.hpp"
#include "bench/common/kernel_counters.hpp"
#include "bench/common/report.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <unistd.h>
#include <vector>

namespace vigil::bench {

namespace {

void monitor_all(vigil_pair& nodes, const std::vector<pid>& targets,
                 std::vector<reference>& refs) {
  refs.clear();
  for (const auto& x : targets)
    refs.push_back(nodes.monitor(x));
}

/// N monitors on N processes: set-up, demonitor, and every target ends.
void one_to_many(const settings& what, vigil_pair& nodes) {
  auto n = what.monitors;
  auto targets = nodes.spawn(n);
  std::vector<reference> refs;
  auto bytes = tcp_bytes();
  auto taken = what.watch.time("setup", [&] {
    monitor_all(nodes, targets, refs);
    nodes.sync();
  });
  report_each("wire_monitor", bytes, tcp_bytes(), n);
  nodes.expect_inbound(n);
  report_rate("setup", n, taken, "ops/s");

  taken = what.watch.time("demonitor", [&] {
    for (auto ref : refs)
      nodes.demonitor(ref, false);
    nodes.sync();
  });
  nodes.expect_inbound(0);
  report_rate("demonitor", n, taken, "ops/s");

  monitor_all(nodes, targets, refs);
  nodes.sync();
  nodes.expect_inbound(n);
  bytes = tcp_bytes();
  taken = what.watch.time("exit_storm", [&] {
    nodes.end_targets();
    nodes.expect_downs(n, bench_done());
  });
  report_each("wire_down", bytes, tcp_bytes(), n);
  nodes.expect_inbound(0);
  report_rate("exit_storm", n, taken, "downs/s");
}

/// N monitors on one process, which then ends.
void one_target(const settings& what, vigil_pair& nodes) {
  auto n = what.monitors;
  auto target = nodes.spawn(1).front();
  for (size_t i = 0; i < n; ++i)
    nodes.monitor(target);
  nodes.sync();
  nodes.expect_inbound(n);
  auto taken = what.watch.time("fan_out", [&] {
    nodes.end_targets();
    nodes.expect_downs(n, bench_done());
  });
  report_rate("fan_out", n, taken, "downs/s");
}

/// A monitor that is ended at once, what every call to a remote server does.
void churn(const settings& what, vigil_pair& nodes, std::string_view name) {
  auto n = what.monitors;
  auto target = nodes.spawn(1).front();
  auto sent = nodes.sent();
  auto taken = what.watch.time(name, [&] {
    for (size_t i = 0; i < n; ++i)
      nodes.demonitor(nodes.monitor(target), true);
    nodes.sync();
  });
  auto travelled = nodes.sent() - sent;
  nodes.expect_inbound(0);
  nodes.end_targets();
  report_rate(name, n, taken, "pairs/s");
  report(std::string{name} + "_travelled",
         static_cast<double>(travelled) / static_cast<double>(2 * n), "share");
}

/// From the call that monitors a dead process to its DOWN `noproc`.
void round_trips(const settings& what, vigil_pair& nodes) {
  auto n = what.round_trips;
  auto target = nodes.spawn(1).front();
  nodes.monitor(target);
  nodes.sync();
  nodes.end_targets();
  nodes.expect_downs(1, bench_done());
  std::vector<double> times;
  times.reserve(n);
  what.watch.time("rtt", [&] {
    for (size_t i = 0; i < n; ++i)
      times.push_back(stopwatch{}.time({}, [&] {
        nodes.monitor(target);
        nodes.expect_downs(1, exit_reason::noproc());
      }));
  });
  std::sort(times.begin(), times.end());
  report("rtt_p50", times[n / 2 - 1] * 1e6, "us");
  report("rtt_p99", times[n * 99 / 100 - 1] * 1e6, "us");
}

/// What the monitors on `num_targets` processes add to the resident set of
/// either side. Means something only in programs that have done nothing before:
/// what they gave back to the heap would be used first.
void memory(const settings& what, size_t num_targets,
            const std::string& suffix) {
  auto n = what.memory_monitors;
  vigil_pair nodes{num_targets + 1};
  auto first = nodes.spawn(1).front();
  nodes.monitor(first);
  nodes.sync();
  nodes.end_targets();
  nodes.expect_downs(1, bench_done());
  auto targets = nodes.spawn(num_targets);
  auto here = resident_set();
  auto there = nodes.target().ask("memory");
  for (size_t i = 0; i < n; ++i)
    nodes.monitor(targets[i % num_targets]);
  nodes.sync();
  nodes.expect_inbound(n);
  report_each("mem_target" + suffix, there, nodes.target().ask("memory"), n);
  report_each("mem_watcher" + suffix, here, resident_set(), n);
  nodes.end_targets();
  nodes.expect_downs(n, bench_done());
}

/// The most that was on its way at a time, and the most memory that either
/// side had.
void peaks(vigil_pair& nodes) {
  constexpr double kib = 1024;
  for (const std::string name : {"flight_out", "flight_back"})
    report(name, static_cast<double>(nodes.relay().ask(name)) / kib, "KiB");
  auto report_peak = [](std::string_view name, pid_t process) {
    auto bytes = static_cast<double>(peak_resident_set(process));
    report(name, bytes / (kib * kib), "MiB");
  };
  report_peak("peak_watcher", ::getpid());
  report_peak("peak_target", nodes.target().id());
}

/// N monitors on N processes; whatever `cut` does ends the connection: time to
/// the last DOWN.
template <class F>
void lose_target(const settings& what, vigil_pair& nodes, std::string_view name,
                 F cut) {
  auto n = what.monitors;
  auto targets = nodes.spawn(n);
  for (const auto& x : targets)
    nodes.monitor(x);
  nodes.sync();
  nodes.expect_inbound(n);
  auto taken = what.watch.time(name, [&] {
    cut();
    nodes.expect_downs(n, exit_reason::noconnection());
  });
  report_rate(name, n, taken, "downs/s");
}

/// The target's operating-system process is killed.
void node_down(const settings& what, vigil_pair& nodes) {
  lose_target(what, nodes, "node_down", [&] { nodes.target().kill(); });
}

/// A small program between the nodes is killed in its place, while the target
/// stands still: the kernel has next to nothing to do before it closes the
/// connection. The watcher has had as many DOWNs before, as in `node_down`.
void node_cut(const settings& what) {
  auto n = what.monitors;
  vigil_pair nodes{2 * n, std::chrono::milliseconds{0}};
  for (const auto& x : nodes.spawn(n))
    nodes.monitor(x);
  nodes.sync();
  nodes.end_targets();
  nodes.expect_downs(n, bench_done());
  lose_target(what, nodes, "node_cut", [&] {
    ::kill(nodes.target().id(), SIGSTOP);
    nodes.relay().kill();
  });
}

} // namespace

void run_vigil_driver(const settings& what) {
  if (what.wants("memory"))
    memory(what, 1, "");
  if (what.wants("memory_spread"))
    memory(what, what.memory_monitors, "_spread");
  if (what.wants_speed()) {
    vigil_pair nodes{2 * what.monitors + 16, what.distance};
    if (what.wants("many"))
      one_to_many(what, nodes);
    if (what.wants("one"))
      one_target(what, nodes);
    if (what.wants("churn"))
      churn(what, nodes, "churn");
    if (what.wants("rtt"))
      round_trips(what, nodes);
    if (what.distance)
      peaks(nodes);
    if (what.wants("node_down"))
      node_down(what, nodes);
  }
  if (what.wants("node_cut"))
    node_cut(what);
  if (what.wants("churn")) {
    vigil_pair nodes{16, what.distance, true};
    churn(what, nodes, "churn_local");
  }
}

} // namespace vigil::bench
