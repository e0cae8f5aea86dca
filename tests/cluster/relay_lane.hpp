#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <string>

namespace vigil::test {

/// What a relay does to the bytes of one direction.
struct lane_rules {
  using milliseconds = std::chrono::milliseconds;

  /// Nothing is read or written, and no end of a connection passes either.
  bool stalled = false;
  /// Each piece is held back for a random time up to this one.
  milliseconds longest_delay{0};
  std::mt19937 random;
  /// Zero: as fast as it goes.
  size_t bytes_per_second = 0;
  /// How many bytes pass until the connection is cut.
  std::optional<uint64_t> bytes_to_cut;
  /// How many bytes have passed, over all connections.
  uint64_t forwarded = 0;
};

/// One direction of one connection: bytes on their way from a socket to
/// another. Does not own the sockets, which do not block.
///
/// Thread-safety: none.
class relay_lane {
public:
  using clock = std::chrono::steady_clock;

  enum class status { open, finished, broken, cut };

  relay_lane(int source, int sink) noexcept : source_(source), sink_(sink) {
    // nop
  }

  int source() const noexcept {
    return source_;
  }

  int sink() const noexcept {
    return sink_;
  }

  /// Returns whether there is room for bytes of the source.
  bool wants_to_read(const lane_rules& rules) const noexcept;

  /// Returns when bytes may be written; nothing if there are none.
  std::optional<clock::time_point>
  next_write(const lane_rules& rules) const noexcept;

  /// Takes what the source has.
  status read(lane_rules& rules, clock::time_point now);

  /// Gives the sink what is due.
  status write(lane_rules& rules, clock::time_point now);

private:
  struct piece {
    std::string bytes;
    clock::time_point due;
  };

  int source_;
  int sink_;
  std::deque<piece> pieces_;
  size_t held_ = 0;
  clock::time_point last_due_{};
  clock::time_point free_at_{};
  bool source_ended_ = false;
};

} // namespace vigil::test
