#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/runtime_front.hpp>
#include "bench/common/bench_runtime.hpp"
#include "bench/common/mailbox.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vigil::bench {

/// A process that monitors others and accounts for each DOWN; whatever is not
/// as it must be fails the run.
///
/// Thread-safety: none; one thread runs it.
class watcher {
public:
  /// Starts a process of `runtime`, whose node is reached through `front`.
  watcher(bench_runtime& runtime, const runtime_front& front);

  /// Starts a monitor on `object`.
  reference monitor(const pid& object);

  /// Ends a monitor that must be live.
  void demonitor(reference ref, bool flush);

  /// Waits for a DOWN of each monitor that was started and not ended since the
  /// last time, all of them with `reason`, and for no other.
  void expect_downs(size_t count, const exit_reason& reason);

private:
  runtime_front front_;
  pid self_;
  mailbox& messages_;
  std::vector<down> taken_;
  /// The sum of the references of live monitors. If as many DOWNs as there are
  /// monitors add up to it, none is there twice.
  uint64_t live_ = 0;
};

} // namespace vigil::bench
