#pragma once

#include <vigil/core/time_point.hpp>

#include <cstddef>
#include <optional>

namespace vigil::testkit {

/// How a cluster runs the processes of a runtime that has a scheduler of its
/// own: one turn of one process at a time, in an order that the seed chooses.
///
/// The runtime must have no threads for them; it implements this in their
/// place, and is driven by it if it does (`cluster::start`), or names whoever
/// does (`runtime_node::drive`). All calls come from the thread of the test.
class scheduler {
public:
  virtual ~scheduler() = default;

  /// Returns how many processes could run now.
  virtual size_t ready() const = 0;

  /// Gives one of them a turn, the one with this number from 0 to `ready() -
  /// 1`. A process that calls what may wait is waited for, and its scheduler
  /// runs no other meanwhile.
  virtual void run_one(size_t choice) = 0;

  /// Returns when `advance` is to be called next; nothing if nobody waits for a
  /// time.
  virtual std::optional<time_point> next_due() const {
    return std::nullopt;
  }

  /// Says what time it is, once that for which `next_due` has asked has come.
  virtual void advance(time_point) {
    // nop: not every runtime has timers
  }
};

} // namespace vigil::testkit
