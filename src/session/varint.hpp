#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vigil {

/// Most bytes that one number takes: seven bits a byte, lowest first.
inline constexpr size_t max_varint_size = 10;

/// Writes `x` to `out` and returns where the next byte goes.
/// @pre there is room for `max_varint_size` bytes
inline char* write_varint(char* out, uint64_t x) noexcept {
  while (x >= 0x80) {
    *out++ = static_cast<char>(x | 0x80);
    x >>= 7;
  }
  *out++ = static_cast<char>(x);
  return out;
}

/// Maps differences to numbers so that small ones of either sign stay small.
constexpr uint64_t zigzag(uint64_t difference) noexcept {
  return (difference << 1) ^ (uint64_t{0} - (difference >> 63));
}

/// Inverts `zigzag`.
constexpr uint64_t unzigzag(uint64_t x) noexcept {
  return (x >> 1) ^ (uint64_t{0} - (x & 1));
}

/// Reads bytes and numbers front to back.
///
/// The first failure sticks: it keeps its sentence and its offset, and whatever
/// is read after it is zero or empty. Callers read a whole entry and check
/// once.
class payload_reader {
public:
  explicit payload_reader(std::string_view bytes) noexcept : bytes_(bytes) {
    // nop
  }

  /// Returns whether nothing is left, or reading has failed.
  bool done() const noexcept {
    return position_ == bytes_.size();
  }

  bool failed() const noexcept {
    return !problem_.empty();
  }

  /// Returns what is wrong, empty if nothing is.
  std::string_view problem() const noexcept {
    return problem_;
  }

  /// Returns where the next field starts.
  size_t position() const noexcept {
    return position_;
  }

  /// Returns where the field starts that was read last, or that is wrong.
  size_t offset() const noexcept {
    return field_;
  }

  /// Returns what was read since the next field started at `position`.
  std::string_view since(size_t position) const noexcept {
    return {bytes_.data() + position, position_ - position};
  }

  /// Declares that the field which was read last is wrong.
  void fail(std::string_view problem) noexcept {
    if (failed())
      return;
    problem_ = problem;
    position_ = bytes_.size();
  }

  uint8_t read_byte() noexcept {
    if (done())
      return static_cast<uint8_t>(truncated());
    field_ = position_;
    return static_cast<uint8_t>(bytes_[position_++]);
  }

  uint64_t read_varint() noexcept {
    if (done())
      return truncated();
    field_ = position_;
    auto first = static_cast<uint8_t>(bytes_[position_]);
    if (first >= 0x80)
      return read_long_varint();
    ++position_;
    return first;
  }

  /// Reads a difference to `previous` that leads to a number of 32 bits, and
  /// keeps it in `difference`.
  uint32_t read_difference(uint32_t previous, uint64_t& difference) noexcept {
    difference = unzigzag(read_varint());
    return add(previous, difference);
  }

  /// Adds a difference that leads to a number of 32 bits.
  uint32_t add(uint32_t x, uint64_t difference) noexcept {
    auto sum = x + difference;
    if (sum > UINT32_MAX)
      fail("a number of a process is out of range");
    return static_cast<uint32_t>(sum);
  }

  /// Reads a length of at most `limit`, and so many bytes.
  std::string_view read_bytes(size_t limit) noexcept {
    auto size = read_varint();
    if (size > limit)
      fail("a length is out of bounds");
    else if (size > bytes_.size() - position_)
      truncated();
    if (failed())
      return {};
    // No more than there are bytes.
    auto result = bytes_.substr(position_, static_cast<size_t>(size));
    position_ += result.size();
    return result;
  }

private:
  uint64_t truncated() noexcept {
    if (!failed())
      field_ = bytes_.size();
    fail("the payload ends within an entry");
    return 0;
  }

  uint64_t read_long_varint() noexcept {
    uint64_t result = 0;
    for (size_t i = 0; i < max_varint_size; ++i) {
      if (done())
        return truncated();
      auto byte = static_cast<uint8_t>(bytes_[position_++]);
      result |= uint64_t{byte & 0x7fU} << (7 * i);
      if (byte < 0x80) {
        // Every number has one spelling; the tenth byte holds one bit.
        if (byte == 0 || (i == max_varint_size - 1 && byte > 1))
          break;
        return result;
      }
    }
    fail("a number is not in its shortest form");
    return 0;
  }

  std::string_view bytes_;
  size_t position_ = 0;
  size_t field_ = 0;
  std::string_view problem_;
};

} // namespace vigil
