#pragma once

#include <vigil/core/time_point.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace vigil::testkit {

/// The virtual clock and what is due when. What is due at the same time happens
/// in the order in which it was planned.
///
/// What is planned either is under way, like a message, or only waits for its
/// time, like a timer.
class agenda {
public:
  using action = std::function<void()>;

  time_point now() const noexcept {
    return now_;
  }

  /// Plans something that is under way.
  void at(time_point when, action what) {
    ++num_under_way_;
    plan(when, std::move(what), true);
  }

  void in(timespan delay, action what) {
    at(after(delay), std::move(what));
  }

  /// Returns the time at the end of a span, or the last that there is.
  time_point after(timespan span) const noexcept {
    return span < time_point::max() - now_ ? now_ + span : time_point::max();
  }

  /// Plans something that only waits for its time.
  void wake_at(time_point when, action what) {
    plan(when, std::move(what), false);
  }

  /// Returns how much is under way.
  size_t num_under_way() const noexcept {
    return num_under_way_;
  }

  /// Does what is due next, if that is at `end` or before it; returns false
  /// otherwise. The time becomes that at which it was due, or `end`.
  bool run_next(time_point end) {
    if (entries_.empty() || entries_.front().when > end) {
      now_ = std::max(now_, end);
      return false;
    }
    std::pop_heap(entries_.begin(), entries_.end(), later);
    auto due = std::move(entries_.back());
    entries_.pop_back();
    num_under_way_ -= due.is_under_way ? 1 : 0;
    now_ = std::max(now_, due.when);
    due.what();
    return true;
  }

  /// Lets time pass until `end`.
  void run_until(time_point end) {
    while (run_next(end)) {
      // nop
    }
  }

  void run_for(timespan span) {
    run_until(now_ + span);
  }

  /// Forgets all that was planned.
  void clear() {
    num_under_way_ = 0;
    auto gone = std::exchange(entries_, {});
  }

private:
  struct entry {
    time_point when;
    uint64_t number;
    action what;
    bool is_under_way;
  };

  void plan(time_point when, action what, bool is_under_way) {
    entries_.push_back(
      {std::max(when, now_), ++planned_, std::move(what), is_under_way});
    std::push_heap(entries_.begin(), entries_.end(), later);
  }

  static bool later(const entry& x, const entry& y) noexcept {
    return x.when != y.when ? x.when > y.when : x.number > y.number;
  }

  /// Not 0, so that a time that nobody has set is noticed.
  time_point now_{std::chrono::hours{1}};
  uint64_t planned_ = 0;
  size_t num_under_way_ = 0;
  std::vector<entry> entries_;
};

} // namespace vigil::testkit
