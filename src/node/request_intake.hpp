#pragma once

#include "src/front/request_queue.hpp"

#include <cstddef>

namespace vigil {

/// Takes the requests of a runtime's threads out of their queue, and knows
/// whether some were left for the next slice.
///
/// Thread-safety: none; owned by a node executor.
class request_intake {
public:
  /// The queue outlives this object, or at least the last call to it.
  explicit request_intake(request_queue& queue) noexcept : queue_(queue) {
    // nop
  }

  /// Calls `f` with the next requests, as `request_queue::consume` does.
  template <class F>
  void take(size_t limit, F&& f) {
    behind_ = queue_.consume(limit, f);
  }

  /// Returns whether requests were left that nobody will announce again.
  bool behind() const noexcept {
    return behind_;
  }

  /// Returns whether another slice is on its way, which takes also what has
  /// come since.
  bool slice_is_due() const noexcept {
    return slice_is_due_;
  }

  /// Returns whether another slice must be ordered, and notes that it was.
  bool order_slice() noexcept {
    slice_is_due_ = behind_;
    return slice_is_due_;
  }

  /// Notes that the slice which was ordered has its turn.
  void slice_arrived() noexcept {
    slice_is_due_ = false;
  }

private:
  request_queue& queue_;
  bool behind_ = false;
  bool slice_is_due_ = false;
};

} // namespace vigil
