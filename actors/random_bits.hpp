#pragma once

#include <cstdint>
#include <random>

namespace vigil {

/// Returns 64 bits that nobody can guess. Throws `std::runtime_error` if the
/// system has none.
///
/// Thread-safety: may be called from any thread, also while the program ends:
/// nothing is kept from one call to the next.
inline uint64_t random_bits() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

} // namespace vigil
