#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

namespace vigil::testkit {

/// Says on standard error when a test does not use its cluster for a while: as
/// a rule it waits for something that cannot happen, because nothing happens
/// while it waits. Says it once for each seed, and leaves the test alone.
class watchdog {
public:
  /// Speaks after so much real time.
  explicit watchdog(std::chrono::milliseconds patience);

  ~watchdog();

  watchdog(const watchdog&) = delete;

  watchdog& operator=(const watchdog&) = delete;

  /// A run of this seed begins.
  void begin(uint64_t seed);

  /// The test uses its cluster.
  void beat() noexcept {
    beats_.fetch_add(1, std::memory_order_relaxed);
  }

private:
  void watch();

  const std::chrono::milliseconds patience_;
  std::atomic<uint64_t> beats_{0};
  /// How many runs have begun, and the seed of the last.
  std::atomic<uint64_t> runs_{0};
  std::atomic<uint64_t> seed_{0};
  std::mutex mutex_;
  std::condition_variable ended_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace vigil::testkit
