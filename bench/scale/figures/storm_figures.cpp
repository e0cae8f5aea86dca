#include "bench/scale/figures/storm_figures.hpp"

#include "bench/common/report.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/scale/star.hpp"
#include "bench/scale/storm.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace vigil::bench {

namespace {

using clock = std::chrono::steady_clock;

/// The peers: one has the storm, the other answers.
constexpr size_t stormed = 0;
constexpr size_t asked = 1;

/// How many monitors a storm takes at a time: more than the queue of requests
/// that wait for a node holds, so that it meets whatever bounds it, and fewer,
/// so that nothing does.
constexpr size_t gusts = 100000;
constexpr size_t steady = 10000;

/// How often a round trip is due.
constexpr std::chrono::milliseconds pace{1};

/// From the call that monitors a dead process to its DOWN `noproc`, sorted.
///
/// One is due every `pace`. Those that would have begun while another was under
/// way count with the time until that had ended: otherwise a standstill would
/// be one bad round trip among many good ones, however long it was.
std::vector<double> round_trips(watcher& asking, const pid& dead,
                                clock::duration length) {
  std::vector<double> times;
  auto due = clock::now();
  for (auto end = due + length; due < end;) {
    std::this_thread::sleep_until(due);
    auto start = clock::now();
    asking.monitor(dead);
    asking.expect_downs(1, exit_reason::noproc());
    auto now = clock::now();
    for (; start < now; start += pace)
      times.push_back(
        std::chrono::duration<double, std::micro>(now - start).count());
    while (due <= now)
      due += pace;
  }
  std::sort(times.begin(), times.end());
  return times;
}

/// Reports two percentiles; returns the higher.
double report_percentiles(const std::string& name,
                          const std::vector<double>& times) {
  auto p99 = times[times.size() * 99 / 100 - 1];
  report(name + "_p50 2", times[times.size() / 2 - 1], "us");
  report(name + "_p99 2", p99, "us");
  return p99;
}

/// A process of the peer that answers; it has ended.
pid make_dead(star& nodes) {
  auto object = nodes.spawn_there(1).at(asked);
  nodes.watching().monitor(object);
  nodes.sync();
  nodes.end_there();
  nodes.watching().expect_downs(1, bench_done());
  return object;
}

/// Takes round trips during a storm; returns the 99th percentile.
double beside(storm& weather, const std::string& name,
              const std::function<std::vector<double>()>& take) {
  weather.start();
  auto start = clock::now();
  auto times = take();
  auto operations = weather.stop();
  std::chrono::duration<double> taken = clock::now() - start;
  auto p99 = report_percentiles("rtt_" + name, times);
  report_rate("ops_" + name + " 2", operations, taken.count(), "ops/s");
  return p99;
}

} // namespace

void take_storm_figures(const scale_settings& what, peer_group& peers) {
  star nodes{peers, 4};
  nodes.connect();
  local_node other{"other@localhost", 2};
  other.connect(peers.where(stormed));
  auto dead = make_dead(nodes);
  auto take = [&] { return round_trips(nodes.watching(), dead, what.length); };
  auto quiet = report_percentiles("rtt_quiet", take());
  auto& side = peers.side(stormed);
  storm elsewhere{other, peers.where(stormed), side, gusts};
  auto busy = beside(elsewhere, "elsewhere", take);
  storm here{nodes.middle(), peers.where(stormed), side, gusts};
  auto loaded = beside(here, "storm", take);
  storm wind{nodes.middle(), peers.where(stormed), side, steady};
  auto windy = beside(wind, "steady", take);
  report("rtt_added_by_machine_p99 2", busy - quiet, "us");
  report("rtt_added_p99 2", loaded - quiet, "us");
  report("rtt_added_by_steady_p99 2", windy - quiet, "us");
}

} // namespace vigil::bench
