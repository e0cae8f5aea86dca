#pragma once

#include <cstddef>

namespace vigil {

/// How much work one step of a control plane, and of the links beside it, does
/// at most, whatever happens: what takes more is done in slices, a step each.
/// One unit is a record touched, an effect made, or 64 bytes coded.
inline constexpr size_t max_step_work = 65'536;

/// Counts the work of one step.
///
/// Thread-safety: none; owned by a node core, or by a control plane that is
/// stepped without one.
class work_meter {
public:
  /// Starts a step. Once it has done `share` units it begins nothing that can
  /// wait for the next; what is begun may take it beyond.
  void start(size_t share) noexcept {
    share_ = share;
    done_ = 0;
  }

  /// Counts records touched, or effects made.
  void add(size_t count) noexcept {
    done_ += count * coded_at_once;
  }

  /// Counts bytes coded.
  void add_bytes(size_t count) noexcept {
    done_ += count;
  }

  /// Returns how many units were done since the step has started.
  size_t done() const noexcept {
    return done_ / coded_at_once;
  }

  /// Returns how many units are left of the share.
  size_t left() const noexcept {
    auto all = done();
    return all < share_ ? share_ - all : 0;
  }

private:
  static constexpr size_t coded_at_once = 64;

  size_t share_ = 0;
  /// In sixty-fourths of a unit.
  size_t done_ = 0;
};

} // namespace vigil
