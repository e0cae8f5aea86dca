#include "testkit/watchdog.hpp"

#include <cinttypes>
#include <cstdio>

namespace vigil::testkit {

watchdog::watchdog(std::chrono::milliseconds patience)
  : patience_(patience),
    thread_([this] { watch(); }) {
  // nop
}

watchdog::~watchdog() {
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void watchdog::begin(uint64_t seed) {
  seed_ = seed;
  ++runs_;
  beat();
}

void watchdog::watch() {
  std::unique_lock guard{mutex_};
  uint64_t warned = 0;
  for (;;) {
    auto before = beats_.load();
    if (ended_.wait_for(guard, patience_, [this] { return stopping_; }))
      return;
    auto run = runs_.load();
    if (run == 0 || run == warned || beats_.load() != before)
      continue;
    warned = run;
    auto seconds
      = std::chrono::duration_cast<std::chrono::seconds>(patience_).count();
    std::fprintf(stderr,
                 "vigil::testkit: seed %" PRIu64 ": the test has not used its "
                 "cluster for %" PRId64 " s. A loop that polls, or a wait "
                 "for a future, waits for ever here: use run_until; so does a "
                 "scoped_actor: use actor_node::request. So does a callback "
                 "that does not return.\n",
                 seed_.load(), static_cast<int64_t>(seconds));
  }
}

} // namespace vigil::testkit
