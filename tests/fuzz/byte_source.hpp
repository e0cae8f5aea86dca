#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vigil::fuzz {

/// Takes an input apart, front to back; what is missing at its end is zero or
/// empty.
class byte_source {
public:
  explicit byte_source(std::string_view rest) noexcept : rest_(rest) {
    // nop
  }

  bool empty() const noexcept {
    return rest_.empty();
  }

  uint8_t byte() noexcept {
    return static_cast<uint8_t>(number(1));
  }

  /// Reads a big-endian number of `size` bytes.
  uint64_t number(size_t size) noexcept {
    uint64_t result = 0;
    for (size_t i = 0; i < size; ++i) {
      uint8_t next = 0;
      if (!rest_.empty()) {
        next = static_cast<uint8_t>(rest_.front());
        rest_.remove_prefix(1);
      }
      result = (result << 8) | next;
    }
    return result;
  }

  /// Reads bytes whose number precedes them, in two bytes.
  std::string_view chunk() noexcept {
    auto size = static_cast<size_t>(number(2));
    auto result = rest_.substr(0, size);
    rest_.remove_prefix(result.size());
    return result;
  }

private:
  std::string_view rest_;
};

} // namespace vigil::fuzz
