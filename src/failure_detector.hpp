#pragma once

#include "src/time_point.hpp"

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

  /// Gives the peer more time, because this node was itself paused for that
  /// long and could not have heard it (contract 21).
  void extend(timespan paused) noexcept {
    deadline_ += paused;
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
