#pragma once

#include <cstdint>

namespace vigil {

/// 128 random bits, drawn at every start of a node, that identify its life
/// beyond doubt: names repeat, and so can creations. All zero is no
/// incarnation.
struct incarnation {
  uint64_t high = 0;
  uint64_t low = 0;

  friend bool operator==(incarnation x, incarnation y) noexcept {
    return x.high == y.high && x.low == y.low;
  }

  friend bool operator!=(incarnation x, incarnation y) noexcept {
    return !(x == y);
  }
};

constexpr bool valid(incarnation x) noexcept {
  return x.high != 0 || x.low != 0;
}

} // namespace vigil
