#pragma once

#include "bench/core/limits/bare_monitor.hpp"
#include "bench/core/limits/number_stream.hpp"

#include <cstdint>

namespace vigil::bench {

/// The target's side of a bare program: does what `bare_watcher` measures, in
/// the same order, and says after each figure what that took.
class bare_target {
public:
  /// `peer` outlives it.
  explicit bare_target(number_stream& peer) : peer_(peer) {
    // nop
  }

  /// One round; throws a `failure` if something is not as it must be.
  void run();

private:
  void set_up();

  void demonitor();

  /// Ends all, one after the other.
  void end_all();

  /// Calls `f` with a number for each monitor.
  template <class F>
  void receive(const F& f);

  /// Runs `work` and says how long this thread and its socket took.
  template <class Work>
  void take(const Work& work);

  number_stream& peer_;
  bare_table monitors_;
  /// The first of the numbers that are there.
  uint32_t first_ = 0;
};

} // namespace vigil::bench
