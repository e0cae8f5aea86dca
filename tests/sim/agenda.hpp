#pragma once

#include <vigil/core/time_point.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace vigil::sim {

/// The virtual clock and what is due when. What is due at the same time happens
/// in the order in which it was planned.
class agenda {
public:
  using action = std::function<void()>;

  time_point now() const noexcept {
    return now_;
  }

  void at(time_point when, action what) {
    entries_.push_back({std::max(when, now_), ++planned_, std::move(what)});
    std::push_heap(entries_.begin(), entries_.end(), later);
  }

  void in(timespan delay, action what) {
    at(now_ + delay, std::move(what));
  }

  /// Lets time pass until `end`.
  void run_until(time_point end) {
    while (!entries_.empty() && entries_.front().when <= end) {
      std::pop_heap(entries_.begin(), entries_.end(), later);
      auto due = std::move(entries_.back());
      entries_.pop_back();
      now_ = due.when;
      due.what();
    }
    now_ = end;
  }

  void run_for(timespan span) {
    run_until(now_ + span);
  }

private:
  struct entry {
    time_point when;
    uint64_t number;
    action what;
  };

  static bool later(const entry& x, const entry& y) noexcept {
    return x.when != y.when ? x.when > y.when : x.number > y.number;
  }

  /// Not 0, so that a time that nobody has set is noticed.
  time_point now_{std::chrono::hours{1}};
  uint64_t planned_ = 0;
  std::vector<entry> entries_;
};

} // namespace vigil::sim
