#pragma once

#include "tests/soak/faults.hpp"
#include "tests/soak/ledger.hpp"
#include "tests/soak/memory_log.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>

namespace vigil::soak {

/// What a run has shown.
struct report {
  uint64_t seed = 0;
  /// How long the load lasted.
  double seconds = 0;
  ledger::totals totals;
  std::array<uint64_t, faults::num_kinds> fault_counts{};
  /// How often the machine had no time for this program, which excuses all.
  uint64_t machine_pauses = 0;
  /// The part of the time in which the loss of a link had no excuse.
  double calm = 0;
  /// How many monitors were live when the load ended: by the account, and by
  /// the tables of their watchers' and targets' nodes.
  size_t pending = 0;
  uint64_t outbound = 0;
  uint64_t inbound = 0;
  memory_log memory;
  /// What this program itself had resident, in KiB.
  size_t own_memory_start = 0;
  size_t own_memory_end = 0;
  std::array<unsigned, stage::num_nodes> lives{};

  /// Returns whether nothing happened that may not.
  bool clean() const noexcept {
    return totals.clean() && outbound == pending && inbound == pending;
  }
};

/// Prints it for people.
void print(std::ostream& out, const report& x);

} // namespace vigil::soak
