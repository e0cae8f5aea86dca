#pragma once

#include "tests/sim/agenda.hpp"
#include "tests/sim/bug.hpp"
#include "tests/sim/journal.hpp"
#include "tests/sim/process_ledger.hpp"
#include "tests/sim/random_source.hpp"
#include "tests/sim/session_ledger.hpp"
#include "tests/sim/weather.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace vigil::sim {

/// What all parts of one run share.
struct sim_context {
  sim_context(uint64_t seed, size_t num_nodes, bug seeded, bool wanted)
    : random(seed),
      sky(num_nodes),
      log(wanted),
      seeded_bug(seeded) {
    // nop
  }

  bool has(bug x) const noexcept {
    return seeded_bug == x;
  }

  /// Notes a line with the time before it.
  template <class F>
  void note(F f) {
    log.note([&] {
      using std::chrono::microseconds;
      auto since = clock.now().time_since_epoch() - std::chrono::hours{1};
      auto us = std::chrono::duration_cast<microseconds>(since).count();
      auto text = std::to_string(us);
      text.insert(0, text.size() < 10 ? 10 - text.size() : 0, ' ');
      return text + "  " + f();
    });
  }

  random_source random;
  agenda clock;
  weather sky;
  journal log;
  process_ledger truth;
  session_ledger sessions;
  bug seeded_bug;
  uint64_t steps = 0;
  /// Nobody does anything any more that was not asked of him.
  bool calm = false;
};

} // namespace vigil::sim
