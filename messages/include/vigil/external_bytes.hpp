#pragma once

#include <cstddef>
#include <string_view>

namespace vigil {

/// The external form of an exit reason, to be looked at: that of a short atom
/// in the value itself, that of any other term where the reason has it. Making
/// one allocates nothing and copies at most `max_held_size` bytes.
///
/// What `data` points to is there as long as this very value is, unchanged, and
/// as long as the reason or any copy of it is; it ends with whichever ends
/// first. Copies of this value hold their own bytes. So keep the value, under a
/// name, beside the reason; a temporary one has no bytes to give.
///
/// Thread-safety: values are immutable and may be copied on any thread.
class external_bytes {
public:
  /// Largest external form that the value itself can hold, in bytes.
  static constexpr size_t max_held_size = 18;

  /// Returns the first byte, which is the version byte 131.
  const char* data() const& noexcept {
    return where_ != nullptr ? where_ : held_;
  }

  const char* data() const&& = delete;

  /// Returns how many bytes there are, the version byte included.
  size_t size() const noexcept {
    return size_;
  }

  /// Returns all bytes, for as long as `data` points to them.
  // The conversion is the point.
  // NOLINTNEXTLINE(google-explicit-constructor)
  operator std::string_view() const& noexcept {
    return {data(), size_};
  }

  operator std::string_view() const&& = delete;

private:
  friend class exit_reason;

  external_bytes() noexcept = default;

  /// Where the bytes are; null if they are held.
  const char* where_ = nullptr;
  size_t size_ = 0;
  char held_[max_held_size] = {};
};

} // namespace vigil
