#pragma once

#include "src/time_point.hpp"

#include <algorithm>

namespace vigil {

/// Tells whether a peer has been silent for too long. Any message counts as a
/// sign of life. The clock is handed in.
///
/// Thread-safety: none; owned by a session.
class failure_detector {
public:
  /// Starts with a peer that was heard at `now`.
  failure_detector(timespan patience, time_point now) noexcept
    : patience_(patience),
      last_heard_(now),
      deadline_(now + patience) {
    // nop
  }

  /// Notes a sign of life.
  void heard(time_point now) noexcept {
    last_heard_ = now;
    deadline_ = now + patience_;
  }

  /// Gives the peer more time, because this node woke up so much later than it
  /// meant to and could not have heard it (contract 21). After a real pause,
  /// not the few milliseconds of a busy machine, that is also time to read what
  /// the peer has sent meanwhile.
  void extend(timespan late, time_point now) noexcept {
    deadline_ += late;
    if (late >= patience_ / 8)
      deadline_ = std::max(deadline_, now + patience_ / 4);
  }

  /// Returns the time at which the peer counts as lost.
  time_point deadline() const noexcept {
    return deadline_;
  }

  /// Returns how long ago the peer was last heard.
  timespan silence(time_point now) const noexcept {
    return now - last_heard_;
  }

private:
  timespan patience_;
  time_point last_heard_;
  time_point deadline_;
};

} // namespace vigil
