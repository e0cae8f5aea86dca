#pragma once

#include <vigil/runtime_front.hpp>
#include "bench/deeds/deed_runtime.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace vigil::bench {

/// Two processes that have nothing to do with anything else: every millisecond
/// one watches another that ends, and how long its DOWN takes is noted. Beside
/// it a thread notes how late it is woken, which is what the machine adds.
///
/// Those that would have begun while another was under way count with the time
/// until that had come: otherwise a standstill would be one bad time among many
/// good ones, however long it was.
///
/// Thread-safety: none; its threads are its own.
class prober {
public:
  /// Ends processes from number `first` on, `count` at most.
  prober(deed_runtime& runtime, const runtime_front& front, uint32_t first,
         size_t count);

  ~prober();

  prober(const prober&) = delete;

  prober& operator=(const prober&) = delete;

  /// Notes what comes from now on.
  void start();

  /// Ends the noting and prints it: `NAME_p50`, `NAME_p99` and `NAME_max` of
  /// the DOWNs, `NAME_machine_p99` and `NAME_machine_max`. Returns the longest
  /// wait for a DOWN, in microseconds.
  double stop(const std::string& name);

private:
  using clock = deed_runtime::clock;

  void watch();

  /// Whether a DOWN will not come any more: its node has been stopped.
  bool is_lost(clock::time_point start) const;

  void oversleep();

  deed_runtime& runtime_;
  runtime_front front_;
  uint32_t next_;
  const uint32_t end_;
  std::atomic<bool> stopped_{false};
  std::vector<double> waits_;
  std::vector<double> delays_;
  std::thread watching_;
  std::thread sleeping_;
};

} // namespace vigil::bench
