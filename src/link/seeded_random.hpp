#pragma once

#include <cstdint>

namespace vigil {

/// Random numbers for jitter and session numbers, from a seed that is handed
/// in: the same seed, the same numbers. Not for secrets.
///
/// Thread-safety: none.
class seeded_random {
public:
  explicit seeded_random(uint64_t seed) noexcept : state_(seed) {
    // nop
  }

  uint64_t operator()() noexcept {
    // splitmix64, by Sebastiano Vigna.
    auto z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

private:
  uint64_t state_;
};

} // namespace vigil
