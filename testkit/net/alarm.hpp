#pragma once

#include "testkit/net/agenda.hpp"

#include <optional>
#include <utility>

namespace vigil::testkit {

/// Rings once something is due, whenever that was said first: it can be put
/// forward, not back.
///
/// Ownership: must not go before the agenda does, or is cleared.
class alarm {
public:
  explicit alarm(agenda& clock) noexcept : clock_(clock) {
    // nop
  }

  /// Calls `ring` at `due`, unless it will ring before; does nothing if nothing
  /// is due.
  template <class F>
  void set(std::optional<time_point> due, F ring) {
    if (!due || (next_ && *next_ <= *due))
      return;
    next_ = due;
    clock_.wake_at(*due, [this, when = *due, ring = std::move(ring)] {
      if (next_ != when)
        return;
      next_.reset();
      ring();
    });
  }

private:
  agenda& clock_;
  std::optional<time_point> next_;
};

} // namespace vigil::testkit
