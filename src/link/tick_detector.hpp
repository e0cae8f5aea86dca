#pragma once

#include "src/link/failure_detector.hpp"

namespace vigil {

/// The failure detector of vigil's own sessions: a peer that has nothing to say
/// ticks four times in the time that this node is patient, so a quarter of it
/// without a word is a missed tick, and all of it is the end.
class tick_detector final : public failure_detector {
public:
  /// Starts with a peer that was heard at `now`.
  tick_detector(timespan patience, time_point now);

  /// Makes one; what a session layer uses unless it is told otherwise.
  static std::unique_ptr<failure_detector> make(timespan patience,
                                                time_point now);

  void heard(time_point now) override;

  /// After a real pause, not the few milliseconds of a busy machine, the peer
  /// also gets time until what it has sent meanwhile can have been read.
  void extend(timespan late, time_point now) override;

  bool lost(time_point now) const override;

  uint32_t missed(time_point now) const override;

  time_point next_look(time_point now) const override;

  timespan silence(time_point now) const override;

  timespan suspicion(time_point now) const override;

private:
  timespan tick() const noexcept {
    return patience_ / 4;
  }

  timespan patience_;
  time_point last_heard_;
  time_point deadline_;
};

} // namespace vigil
