#pragma once

#include <vigil/core/control_event.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <utility>
#include <variant>
#include <vector>

namespace vigil {

/// The turn of a request that whoever consumes the queue keeps itself.
struct request_turn {
  /// Under which it is kept.
  uint64_t ticket = 0;
  /// Who asks; null if that makes no difference to the order.
  pid asker;
};

/// What waits for the control plane.
using queued_request = std::variant<event::monitor, event::demonitor,
                                    event::process_exited, request_turn>;

/// Requests in the order in which they came. What it holds is never moved as a
/// whole, neither to grow nor when another takes it over, and memory goes back
/// as it is consumed.
///
/// Thread-safety: none; owned by a request queue.
class request_lane {
public:
  struct entry {
    template <class Request>
    entry(uint64_t place, const Request& x) : number(place),
                                              what(x) {
      // nop
    }

    /// Says what was there before what, across lanes.
    uint64_t number;
    queued_request what;
  };

  bool empty() const noexcept {
    return size_ == 0;
  }

  template <class Request>
  void push_back(uint64_t number, const Request& x) {
    if (segments_.empty() || segments_.back().size() == segment_size)
      segments_.push_back(std::exchange(spare_, {}));
    segments_.back().emplace_back(number, x);
    ++size_;
  }

  /// @pre it is not empty; the same for `pop_front`
  entry& front() noexcept {
    return segments_.front()[next_];
  }

  const entry& front() const noexcept {
    return segments_.front()[next_];
  }

  void pop_front() {
    --size_;
    if (++next_ < segments_.front().size())
      return;
    next_ = 0;
    spare_ = std::move(segments_.front());
    spare_.clear();
    segments_.pop_front();
  }

  /// Takes over all of `other`, which comes last.
  /// @pre nothing was consumed of `other`
  void take_over(request_lane& other) {
    for (auto& x : other.segments_)
      if (!x.empty())
        segments_.push_back(std::move(x));
      else
        other.spare_ = std::move(x);
    other.segments_.clear();
    size_ += std::exchange(other.size_, 0);
    // It will be filled again.
    if (other.spare_.capacity() == 0)
      other.spare_.swap(spare_);
  }

  /// Takes out the last request for which `is_it` holds, if it is among the few
  /// that `depth` says at the end; passes it to `take`, and returns whether
  /// there was one. May overlook one that lies further back than the end of
  /// what was allocated last.
  /// @pre nothing was consumed
  template <class IsIt, class Take>
  bool take_last(size_t depth, const IsIt& is_it, const Take& take) {
    if (segments_.empty())
      return false;
    auto& last = segments_.back();
    auto stop = last.size() > depth ? last.size() - depth : 0;
    for (auto i = last.size(); i > stop; --i) {
      if (!is_it(last[i - 1].what))
        continue;
      take(last[i - 1].what);
      last.erase(last.begin() + static_cast<std::ptrdiff_t>(i - 1));
      --size_;
      return true;
    }
    return false;
  }

private:
  /// Some 200 KiB.
  static constexpr size_t segment_size = 2048;

  using segment = std::vector<entry>;

  /// None but the last is empty.
  std::deque<segment> segments_;
  size_t size_ = 0;
  /// Where the first segment begins.
  size_t next_ = 0;
  segment spare_;
};

} // namespace vigil
