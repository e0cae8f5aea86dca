#pragma once

#include <vigil/runtime_front.hpp>
#include "bench/deeds/deed_runtime.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace vigil::bench {

/// Two processes that have nothing to do with anything else: every millisecond
/// a new one watches another new one, and how long its DOWN takes is noted.
/// Beside it a thread notes how late it is woken, which is what the machine
/// adds.
///
/// Those that would have begun while another was under way count with the time
/// until that had come: otherwise a standstill would be one bad time among many
/// good ones, however long it was.
///
/// Thread-safety: none; its threads are its own.
class prober {
public:
  using clock = deed_runtime::clock;

  /// What a DOWN is timed from.
  enum class kind {
    /// From the report that the target has ended. That is applied after all
    /// that threads have requested before.
    exit,
    /// From the call that monitors a process which has ended. Such a call
    /// overtakes what others have requested.
    prompt
  };

  /// Uses the processes of `runtime` that are timed.
  prober(deed_runtime& runtime, const runtime_front& front);

  ~prober();

  prober(const prober&) = delete;

  prober& operator=(const prober&) = delete;

  void start(kind what);

  /// Waits for the DOWN that is under way, however long it takes, and stops.
  /// Prints what has taken place between `from` and `to`, be it in part:
  /// `NAME_p50`, `NAME_p99` and `NAME_max` of the DOWNs, `NAME_probes`, how
  /// many there were, `NAME_call_max`, the longest that a call of `monitor` has
  /// waited, `NAME_machine_p99` and `NAME_machine_max`.
  void stop(const std::string& name, clock::time_point from,
            clock::time_point to);

private:
  /// Something that took some time.
  struct sample {
    clock::time_point start;
    clock::duration time;
  };

  using samples = std::vector<sample>;

  void watch(kind what);

  /// Lets one process watch another; returns when it was due to hear of it.
  clock::time_point probe(kind what);

  /// Waits for the next DOWN; returns when it came.
  clock::time_point await_down();

  void oversleep();

  deed_runtime& runtime_;
  runtime_front front_;
  uint32_t next_ = deed_runtime::first_timed;
  uint64_t num_downs_ = 0;
  std::atomic<bool> stopped_{false};
  /// The run counts for nothing: why; empty if it does.
  std::string failure_;
  samples waits_;
  samples calls_;
  samples delays_;
  std::thread watching_;
  std::thread sleeping_;
};

} // namespace vigil::bench
