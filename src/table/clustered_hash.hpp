#pragma once

#include "src/table/wide_hash.hpp"

#include <cstdint>

namespace vigil {

/// Hashes numbers that are given out in a row and are used so: numbers of one
/// run have neighbouring places in an absl container, so that the next number's
/// place is in the cache already. Runs lie where the seeded hash puts them: who
/// chooses the numbers cannot make more than one run meet in one place.
/// Numbers of different `group` do not form runs with each other.
///
/// Relies on how absl containers use a hash: its low seven bits tell elements
/// apart, the others, as many as they take, are the place.
inline uint64_t clustered_hash(uint64_t x, uint64_t group = 0) noexcept {
  // Longer runs are faster in order; with 64, two that meet cost more than that
  // where the order is random.
  constexpr uint64_t run = 16;
  // One round of mixing: groups are numbers that nobody can choose.
  constexpr uint64_t apart = 0x9E3779B97F4A7C15;
  auto mixed = wide_hash(x / run + group * apart);
  auto index = x % run;
  auto place = (mixed & ~(run - 1)) | index;
  // The bits that the shift drops; all different within a run.
  auto tag = ((mixed >> 57) ^ index) & 0x7F;
  return (place << 7) | tag;
}

} // namespace vigil
