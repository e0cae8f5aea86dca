#pragma once

#include "testkit/net/world.hpp"
#include "tests/sim/bug.hpp"
#include "tests/sim/journal.hpp"
#include "tests/sim/process_ledger.hpp"
#include "tests/sim/session_ledger.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace vigil::sim {

/// What all parts of one run share.
struct sim_context final : testkit::world {
  sim_context(uint64_t seed, size_t num_nodes, bug seeded, bool wanted)
    : world(seed, num_nodes, wanted),
      log(wanted),
      seeded_bug(seeded) {
    // nop
  }

  bool has(bug x) const noexcept {
    return seeded_bug == x;
  }

  void count(const char* kind) override {
    log.count(kind);
  }

  journal log;
  process_ledger truth;
  session_ledger sessions;
  bug seeded_bug;
  uint64_t steps = 0;
  /// Nobody does anything any more that was not asked of him.
  bool calm = false;

private:
  /// Notes a line with the time before it.
  void write(std::string line) override {
    using std::chrono::microseconds;
    auto since = clock.now().time_since_epoch() - std::chrono::hours{1};
    auto us = std::chrono::duration_cast<microseconds>(since).count();
    auto text = std::to_string(us);
    text.insert(0, text.size() < 10 ? 10 - text.size() : 0, ' ');
    log.note([&] { return text + "  " + line; });
  }
};

} // namespace vigil::sim
