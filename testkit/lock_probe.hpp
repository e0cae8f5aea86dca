#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/runtime.hpp>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace vigil::testkit {

/// Finds out whether the thread of a test holds a lock that `alive` of its
/// runtime needs: another thread asks that, and has to come back.
class lock_probe {
public:
  ~lock_probe();

  /// Ends the thread, as long as the runtimes that it was asked about are
  /// there.
  void end();

  /// Returns whether `alive` of `x` returns within `limit`, in real time.
  bool is_free(const vigil::runtime& x, timespan limit);

private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  const vigil::runtime* asked_ = nullptr;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace vigil::testkit
