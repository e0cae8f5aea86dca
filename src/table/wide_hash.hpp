#pragma once

#include "absl/hash/hash.h"

#include <cstddef>
#include <cstdint>

namespace vigil {

/// Hashes `x` to 64 bits, seeded by Abseil, also where Abseil's hashes have 32.
template <class T>
uint64_t wide_hash(const T& x) noexcept {
  if constexpr (sizeof(size_t) == sizeof(uint64_t)) {
    return absl::HashOf(x);
  } else {
    // Two rounds: for a single one of this width it is easy to find numbers
    // that collide whatever the seed is.
    auto narrow = uint64_t{absl::HashOf(x, size_t{0})};
    // Each half of the bits depends on all of the narrow ones.
    auto result = narrow * 0x9E3779B97F4A7C15;
    return result ^ (result >> 32);
  }
}

} // namespace vigil
