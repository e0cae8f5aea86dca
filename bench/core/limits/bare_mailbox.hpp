#pragma once

#include "bench/core/limits/bare_monitor.hpp"

#include <condition_variable>
#include <mutex>
#include <vector>

namespace vigil::bench {

/// Where messages wait for the thread that reads them.
///
/// Thread-safety: all members may be called from any thread.
class bare_mailbox {
public:
  /// Lets `fill` append messages, all under one lock.
  template <class Fill>
  void put(const Fill& fill) {
    {
      std::lock_guard guard{mutex_};
      fill(messages_);
    }
    arrived_.notify_one();
  }

  /// Waits for messages and moves all of them to `out`, whose content is lost.
  /// Throws a `failure` if none come.
  void take(std::vector<bare_message>& out);

private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<bare_message> messages_;
};

} // namespace vigil::bench
