#pragma once

#include "bench/core/limits/figures.hpp"
#include "bench/core/limits/loopback_door.hpp"

#include <sys/types.h>

namespace vigil::bench {

/// What is to be had without vigil: two processes, of which this is the
/// watcher's, with a hash map each and a connection between them.
class bare_program {
public:
  /// Starts the target's process. It is a copy of this one, so that there must
  /// be no other thread.
  bare_program();

  bare_program(const bare_program&) = delete;

  bare_program& operator=(const bare_program&) = delete;

  ~bare_program();

  /// Takes each figure once, with a new connection and new tables. Must be
  /// called `num_rounds` times. Throws a `failure` if something did not happen
  /// as it must.
  void run_round(figures& out);

  /// Waits for the end of the target's process, which must be a good one.
  void finish();

private:
  /// The whole life of the target's process; returns its status.
  int run_targets() noexcept;

  /// Returns the status of the target's process, once it has ended.
  int wait_for_target() noexcept;

  loopback_door door_;
  pid_t target_;
};

} // namespace vigil::bench
