#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace vigil {

/// Numbers an element of a slab.
enum class slot : uint32_t {};

/// The number of no element.
inline constexpr slot no_slot{0xFFFFFFFF};

/// Holds plain elements of one type under small numbers. Elements never move,
/// growing copies nothing, and numbers of erased elements are given out again.
/// Once the last element is erased all memory goes back but one chunk: a slab
/// that is filled and emptied by one element, again and again, need not
/// allocate.
///
/// Thread-safety: none.
template <class T, uint32_t ChunkSize>
class slab {
public:
  static_assert(std::is_trivially_copyable_v<T>);

  /// Adds an element of unspecified value and returns its number.
  slot insert() {
    ++size_;
    if (!free_.empty()) {
      auto result = free_.back();
      free_.pop_back();
      return result;
    }
    assert(end_ < static_cast<uint32_t>(no_slot));
    if (end_ == chunks_.size() * ChunkSize)
      chunks_.emplace_back(new chunk);
    return slot{end_++};
  }

  /// @pre `x` is the number of an element
  void erase(slot x) {
    assert(size_ > 0);
    if (--size_ == 0) {
      chunks_.resize(1);
      free_.clear();
      free_.shrink_to_fit();
      end_ = 0;
      return;
    }
    free_.push_back(x);
  }

  T& operator[](slot x) noexcept {
    auto i = static_cast<uint32_t>(x);
    return (*chunks_[i / ChunkSize])[i % ChunkSize];
  }

  const T& operator[](slot x) const noexcept {
    auto i = static_cast<uint32_t>(x);
    return (*chunks_[i / ChunkSize])[i % ChunkSize];
  }

  size_t size() const noexcept {
    return size_;
  }

private:
  using chunk = std::array<T, ChunkSize>;

  std::vector<std::unique_ptr<chunk>> chunks_;
  std::vector<slot> free_;
  uint32_t end_ = 0;
  size_t size_ = 0;
};

} // namespace vigil
