#include "bench/scale/figures/scale_figures.hpp"

#include "bench/common/kernel_counters.hpp"
#include "bench/common/report.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/scale/process_usage.hpp"
#include "bench/scale/star.hpp"

#include <chrono>
#include <malloc.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace vigil::bench {

namespace {

/// Returns how many bytes this program has allocated and not freed.
uint64_t heap_in_use() {
  auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

/// Takes the figures one after the other, in the program that is the node in
/// the middle.
class scale_run {
public:
  scale_run(const scale_settings& what, peer_group& peers)
    : count_(what.monitors),
      each_(what.monitors / what.peers),
      suffix_(' ' + std::to_string(what.peers)),
      nodes_(peers, what.monitors) {
    // nop
  }

  void sessions() {
    auto memory = resident_set();
    auto heap = heap_in_use();
    nodes_.connect();
    auto peers = nodes_.peers().size();
    report_each("mem_peer" + suffix_, memory, resident_set(), peers);
    report_each("heap_peer" + suffix_, heap, heap_in_use(), peers);
  }

  /// The middle watches, the peers are watched.
  void outwards() {
    auto targets = nodes_.spawn_there(each_);
    std::vector<reference> refs;
    refs.reserve(count_);
    auto memory = resident_set();
    auto heap = heap_in_use();
    time("setup", "ops/s", [&] {
      for (const auto& x : targets)
        refs.push_back(nodes_.watching().monitor(x));
      nodes_.sync();
    });
    report_each("mem_monitor" + suffix_, memory, resident_set(), count_);
    report_each("heap_monitor" + suffix_, heap, heap_in_use(), count_);
    nodes_.expect_there(count_);
    time("demonitor", "ops/s", [&] {
      for (auto ref : refs)
        nodes_.watching().demonitor(ref, false);
      nodes_.sync();
    });
    nodes_.expect_there(0);
    monitor_all(targets);
    time("exits", "downs/s", [&] {
      nodes_.end_there();
      nodes_.watching().expect_downs(count_, bench_done());
    });
    nodes_.expect_there(0);
  }

  /// The peers watch, the middle is watched.
  void inwards() {
    auto& peers = nodes_.peers();
    auto& middle = nodes_.middle();
    auto first = middle.runtime().spawn(count_);
    time("in_setup", "ops/s", [&] {
      for (size_t i = 0; i < peers.size(); ++i)
        peers.side(i).tell("monitor " + std::to_string(first + i * each_) + ' '
                           + std::to_string(each_));
      peers.answers();
    });
    nodes_.expect_here(count_);
    peers.tell("downs " + std::to_string(each_));
    time("in_exits", "downs/s", [&] {
      middle.runtime().end(first, count_, middle.front(), bench_done());
      peers.answers();
    });
    nodes_.expect_here(0);
  }

  void node_down() {
    monitor_all(nodes_.spawn_there(each_));
    time("node_down", "downs/s", [&] {
      nodes_.peers().kill();
      nodes_.watching().expect_downs(count_, exit_reason::noconnection());
    });
  }

private:
  void monitor_all(const std::vector<pid>& targets) {
    for (const auto& x : targets)
      nodes_.watching().monitor(x);
    nodes_.sync();
    nodes_.expect_there(count_);
  }

  /// Reports how many monitors `work` dealt with in a second, and the time of
  /// a processor that each took in this program.
  template <class Work>
  void time(std::string_view name, std::string_view unit, Work work) {
    using clock = std::chrono::steady_clock;
    auto spent = processor_time(::getpid());
    auto start = clock::now();
    work();
    std::chrono::duration<double> taken = clock::now() - start;
    spent = processor_time(::getpid()) - spent;
    report_rate(std::string{name} + suffix_, count_, taken.count(), unit);
    report(std::string{name} + "_cpu" + suffix_,
           static_cast<double>(spent.count()) / static_cast<double>(count_),
           "ns");
  }

  size_t count_;
  size_t each_;
  std::string suffix_;
  star nodes_;
};

} // namespace

void take_scale_figures(const scale_settings& what, peer_group& peers) {
  scale_run run{what, peers};
  run.sessions();
  run.outwards();
  run.inwards();
  run.node_down();
}

} // namespace vigil::bench
