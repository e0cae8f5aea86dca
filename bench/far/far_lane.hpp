#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace vigil::bench {

/// One direction of a connection over a distance: what comes from one socket
/// leaves for the other when it has been on its way long enough. Does not own
/// the sockets, which do not block.
///
/// Thread-safety: none.
class far_lane {
public:
  using clock = std::chrono::steady_clock;

  /// How many bytes may be on their way; beyond it the lane stops reading. With
  /// 25 ms that is two and a half gigabytes a second.
  static constexpr size_t capacity = size_t{64} * 1024 * 1024;

  enum class status { open, finished, broken };

  /// Bytes are on their way from `source` to `sink` for the time `delay`.
  far_lane(int source, int sink, clock::duration delay) noexcept
    : source_(source),
      sink_(sink),
      delay_(delay) {
    // nop
  }

  int source() const noexcept {
    return source_;
  }

  int sink() const noexcept {
    return sink_;
  }

  /// How many bytes are on their way.
  size_t held() const noexcept {
    return held_;
  }

  /// Returns whether there is room for bytes of the source.
  bool wants_to_read() const noexcept {
    return !source_ended_ && held_ < capacity;
  }

  /// Returns when there is something for the sink; nothing if all has left.
  std::optional<clock::time_point> next_write() const noexcept;

  /// Takes what the source has at `now`.
  status read(clock::time_point now);

  /// Gives the sink what has arrived by `now`.
  status write(clock::time_point now);

private:
  /// Without bytes it is the source's end, which takes as long.
  struct piece {
    std::string bytes;
    clock::time_point due;
  };

  int source_;
  int sink_;
  clock::duration delay_;
  std::deque<piece> pieces_;
  /// How much of the first piece the sink has.
  size_t written_ = 0;
  size_t held_ = 0;
  bool source_ended_ = false;
};

} // namespace vigil::bench
