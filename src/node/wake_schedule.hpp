#pragma once

#include <vigil/core/time_point.hpp>

#include <optional>

namespace vigil {

/// Knows which of the wake-ups that were ordered is the one that counts: the
/// earliest. Those that it has superseded are not withdrawn; they come and find
/// that they do not count.
///
/// Thread-safety: none; owned by a node executor.
class wake_schedule {
public:
  /// Returns whether a wake-up at `wanted` must be ordered, and notes that it
  /// was: nothing as early is on its way.
  bool order(std::optional<time_point> wanted) noexcept {
    if (!wanted || (next_ && *next_ <= *wanted))
      return false;
    next_ = wanted;
    return true;
  }

  /// Returns whether the wake-up that was ordered for `due` counts; it has come
  /// then.
  bool arrive(time_point due) noexcept {
    if (next_ != due)
      return false;
    next_.reset();
    return true;
  }

private:
  std::optional<time_point> next_;
};

} // namespace vigil
