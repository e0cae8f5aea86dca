#pragma once

#include <vigil/core/time_point.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace vigil {

/// Tells whether one peer has been silent for too long. The clock is handed in;
/// whoever owns a detector asks it again at `next_look`.
///
/// Thread-safety: none; owned by a session.
class failure_detector {
public:
  virtual ~failure_detector() = default;

  /// Notes a sign of life: any message of the session is one.
  virtual void heard(time_point now) = 0;

  /// Gives the peer more time, because this node woke up so much later than it
  /// meant to and could not have heard it (contract 21).
  virtual void extend(timespan late, time_point now) = 0;

  /// Returns whether the peer counts as lost.
  virtual bool lost(time_point now) const = 0;

  /// Returns how many signs of life are missing that should have come since the
  /// last one. Only grows until the next one comes.
  virtual uint32_t missed(time_point now) const = 0;

  /// Returns when `lost` or `missed` will say more than they do at `now` if
  /// nothing is heard before. Hearing something, or an extension, never makes
  /// that earlier.
  virtual time_point next_look(time_point now) const = 0;

  /// Returns how long ago the peer was last heard.
  virtual timespan silence(time_point now) const = 0;

  /// Returns how long something has been wrong: since the first sign of life
  /// that is missing was due. Zero if none is.
  virtual timespan suspicion(time_point now) const = 0;
};

/// Makes the detector of a session, whose peer was heard at the given time and
/// is lost after so much silence.
using failure_detector_factory
  = std::function<std::unique_ptr<failure_detector>(timespan patience,
                                                    time_point now)>;

} // namespace vigil
