#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace vigil {

/// Numbers an element of a slab.
enum class slot : uint32_t {};

/// The number of no element.
inline constexpr slot no_slot{0xFFFFFFFF};

/// Holds elements of one type under small numbers. Elements never move, growing
/// copies nothing, and numbers of erased elements are given out again. Once the
/// last element is erased all memory goes back but one chunk: a slab that is
/// filled and emptied by one element, again and again, need not allocate.
///
/// Thread-safety: none.
template <class T>
class slab {
public:
  /// Stores `value` and returns its number.
  slot insert(T value) {
    slot result;
    if (!free_.empty()) {
      result = free_.back();
      free_.pop_back();
    } else {
      assert(end_ < static_cast<uint32_t>(no_slot));
      if (end_ == chunks_.size() * chunk_size)
        chunks_.emplace_back(new chunk);
      result = slot{end_++};
    }
    (*this)[result] = std::move(value);
    ++size_;
    return result;
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
    (*this)[x] = T{};
    free_.push_back(x);
  }

  T& operator[](slot x) noexcept {
    auto i = static_cast<uint32_t>(x);
    return (*chunks_[i / chunk_size])[i % chunk_size];
  }

  const T& operator[](slot x) const noexcept {
    auto i = static_cast<uint32_t>(x);
    return (*chunks_[i / chunk_size])[i % chunk_size];
  }

  size_t size() const noexcept {
    return size_;
  }

private:
  static constexpr uint32_t chunk_size = 4096;

  using chunk = std::array<T, chunk_size>;

  std::vector<std::unique_ptr<chunk>> chunks_;
  std::vector<slot> free_;
  uint32_t end_ = 0;
  size_t size_ = 0;
};

} // namespace vigil
