#pragma once

#include <vigil/core/time_point.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vigil::testkit {

/// All chance of one run of a simulated cluster. The same seed gives the same
/// run on every machine, so nothing of the standard library's distributions is
/// used.
class random_source {
public:
  explicit random_source(uint64_t seed) noexcept : state_(seed) {
    // Neighbouring seeds shall not start alike.
    next();
    next();
  }

  /// splitmix64, by Sebastiano Vigna.
  uint64_t next() noexcept {
    auto z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  /// Returns a number from 0 to `bound - 1`; 0 if there is none.
  size_t below(size_t bound) noexcept {
    return bound != 0 ? static_cast<size_t>(next() % bound) : 0;
  }

  /// Returns true so many times in a thousand.
  bool chance(unsigned permille) noexcept {
    return below(1000) < permille;
  }

  /// Returns a time span from `low` to `high`.
  timespan between(timespan low, timespan high) noexcept {
    if (high <= low)
      return low;
    auto width = static_cast<uint64_t>((high - low).count()) + 1;
    return low + timespan{static_cast<timespan::rep>(next() % width)};
  }

  /// @pre `xs` is not empty
  template <class T>
  T& pick(std::vector<T>& xs) noexcept {
    return xs[below(xs.size())];
  }

  template <class T>
  const T& pick(const std::vector<T>& xs) noexcept {
    return xs[below(xs.size())];
  }

private:
  uint64_t state_;
};

} // namespace vigil::testkit
