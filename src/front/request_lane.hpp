#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <utility>
#include <vector>

namespace vigil {

/// Requests in the order in which they came. What it holds is never moved as a
/// whole, neither to grow nor when another takes it over. Memory goes back as
/// it is consumed, but for a little that is used again: to touch new memory can
/// take longer than all else that is done about a request.
///
/// Thread-safety: none; owned by a request queue.
template <class Request>
class request_lane {
public:
  struct entry {
    template <class T>
    entry(uint64_t place, const T& x) : number(place),
                                        what(x) {
      // nop
    }

    /// Says what was there before what, across lanes.
    uint64_t number;
    Request what;
  };

  bool empty() const noexcept {
    return size_ == 0;
  }

  template <class T>
  void push_back(uint64_t number, const T& x) {
    if (segments_.empty() || segments_.back().size() == segment_size)
      add_segment();
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
    keep(std::move(segments_.front()));
    segments_.pop_front();
  }

  /// Takes over all of `other`, which comes last.
  /// @pre nothing was consumed of `other`
  void take_over(request_lane& other) {
    for (auto& x : other.segments_)
      if (!x.empty())
        segments_.push_back(std::move(x));
      else
        other.keep(std::move(x));
    other.segments_.clear();
    size_ += std::exchange(other.size_, 0);
  }

  /// Leaves memory that is not needed here to `other`, which will be filled.
  void give_memory(request_lane& other) {
    for (; !spares_.empty() && other.spares_.size() < most_spares;
         spares_.pop_back())
      other.spares_.push_back(std::move(spares_.back()));
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
  static constexpr size_t segment_size = 1024;

  static constexpr size_t most_spares = 4;

  using segment = std::vector<entry>;

  void add_segment() {
    if (spares_.empty()) {
      segments_.emplace_back();
      segments_.back().reserve(segment_size);
      return;
    }
    segments_.push_back(std::move(spares_.back()));
    spares_.pop_back();
  }

  void keep(segment&& x) {
    if (spares_.size() == most_spares)
      return;
    x.clear();
    spares_.push_back(std::move(x));
  }

  /// None but the last is empty.
  std::deque<segment> segments_;
  size_t size_ = 0;
  /// Where the first segment begins.
  size_t next_ = 0;
  /// Empty, with all the memory of a segment.
  std::vector<segment> spares_;
};

} // namespace vigil
