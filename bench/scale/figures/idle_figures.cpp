#include "bench/scale/figures/idle_figures.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/report.hpp"
#include "bench/scale/process_usage.hpp"
#include "bench/scale/star.hpp"

#include <string>
#include <thread>
#include <unistd.h>

namespace vigil::bench {

namespace {

/// What one program uses while nobody asks it for anything.
class idle_program {
public:
  explicit idle_program(pid_t id) : id_(id) {
    // Reading this is work of the kernel on behalf of the reader, which may be
    // the program itself: so the clock is read last here, and first at the end.
    switches_ = voluntary_switches(id_);
    spent_ = processor_time(id_);
  }

  void stop() {
    spent_ = processor_time(id_) - spent_;
    switches_ = voluntary_switches(id_) - switches_;
  }

  void print(const std::string& who,
             std::chrono::duration<double> taken) const {
    std::chrono::duration<double> spent = spent_;
    report("idle_cpu_" + who + " 1", 100 * spent / taken, "%");
    report("idle_wakes_" + who + " 1",
           static_cast<double>(switches_) / taken.count(), "1/s");
  }

private:
  pid_t id_;
  std::chrono::nanoseconds spent_{};
  uint64_t switches_ = 0;
};

} // namespace

void take_idle_figures(const scale_settings& what, peer_group& peers) {
  star nodes{peers, 0};
  nodes.connect();
  for (const auto& x : nodes.spawn_there(what.monitors))
    nodes.watching().monitor(x);
  nodes.sync();
  nodes.expect_there(what.monitors);
  // What belongs to the start shall have ended: there is no event for that.
  std::this_thread::sleep_for(std::chrono::seconds{2});
  using clock = std::chrono::steady_clock;
  auto start = clock::now();
  idle_program middle{::getpid()};
  idle_program peer{peers.side(0).id()};
  std::this_thread::sleep_for(what.length);
  middle.stop();
  peer.stop();
  auto taken = clock::now() - start;
  auto loss = nodes.middle().runtime().last_loss();
  if (!loss.empty())
    throw failure{"the idle session was lost: " + loss};
  nodes.expect_there(what.monitors);
  middle.print("watcher", taken);
  peer.print("target", taken);
}

} // namespace vigil::bench
