#pragma once

#include <cstdint>

namespace vigil {

/// A number of 64 bits that is aligned as one of 32 bits is, for records that
/// would be padded otherwise.
class packed_number {
public:
  packed_number() noexcept = default;

  explicit packed_number(uint64_t x) noexcept
    : low_(static_cast<uint32_t>(x)),
      high_(static_cast<uint32_t>(x >> 32)) {
    // nop
  }

  uint64_t value() const noexcept {
    return (uint64_t{high_} << 32) | low_;
  }

private:
  uint32_t low_;
  uint32_t high_;
};

} // namespace vigil
