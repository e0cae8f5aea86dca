#pragma once

#include <vigil/core/time_point.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace vigil {

/// What stands in a `deadline_set`: when it is due, and its place there.
class deadline_entry {
public:
  time_point due() const noexcept {
    return due_;
  }

private:
  template <class T>
  friend class deadline_set;

  static constexpr auto nowhere = std::numeric_limits<size_t>::max();

  time_point due_;
  size_t place_ = nowhere;
};

/// Those who wait for a time, the first to be due in front: a binary heap whose
/// elements, which derive from `deadline_entry`, know their places. Changing
/// one takes logarithmic time, looking at the first constant.
///
/// Thread-safety: none. Elements are their owner's, and are removed before they
/// end.
template <class T>
class deadline_set {
public:
  /// Returns who is due first; null if nobody waits.
  T* first() const noexcept {
    return heap_.empty() ? nullptr : heap_.front();
  }

  bool contains(const T& x) const noexcept {
    const deadline_entry& mine = x;
    return mine.place_ != deadline_entry::nowhere;
  }

  /// Lets `x` wait for `due`, or for nothing any more.
  void set(T& x, std::optional<time_point> due) {
    if (!due)
      return remove(x);
    deadline_entry& mine = x;
    mine.due_ = *due;
    if (mine.place_ == deadline_entry::nowhere) {
      heap_.push_back(&x);
      mine.place_ = heap_.size() - 1;
    }
    sink(rise(mine.place_));
  }

  /// Does nothing if `x` does not wait.
  void remove(T& x) noexcept {
    deadline_entry& mine = x;
    if (mine.place_ == deadline_entry::nowhere)
      return;
    auto place = std::exchange(mine.place_, deadline_entry::nowhere);
    auto last = heap_.back();
    heap_.pop_back();
    if (last == &x)
      return;
    put(place, last);
    sink(rise(place));
  }

private:
  static deadline_entry& of(T* x) noexcept {
    return *x;
  }

  void put(size_t place, T* x) noexcept {
    heap_[place] = x;
    of(x).place_ = place;
  }

  bool is_before(size_t a, size_t b) const noexcept {
    return of(heap_[a]).due_ < of(heap_[b]).due_;
  }

  void exchange(size_t a, size_t b) noexcept {
    auto x = heap_[a];
    put(a, heap_[b]);
    put(b, x);
  }

  /// Moves an element towards the front as far as it must; returns where it
  /// is.
  size_t rise(size_t place) noexcept {
    while (place > 0 && is_before(place, (place - 1) / 2)) {
      exchange(place, (place - 1) / 2);
      place = (place - 1) / 2;
    }
    return place;
  }

  void sink(size_t place) noexcept {
    for (;;) {
      auto least = place;
      for (auto child : {2 * place + 1, 2 * place + 2})
        if (child < heap_.size() && is_before(child, least))
          least = child;
      if (least == place)
        return;
      exchange(place, least);
      place = least;
    }
  }

  std::vector<T*> heap_;
};

} // namespace vigil
