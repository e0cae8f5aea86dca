#pragma once

#include <vigil/notices.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace vigil::bench {

/// Where the DOWNs of one process wait for the thread that runs it.
///
/// Thread-safety: all members may be called from any thread.
class mailbox {
public:
  using clock = std::chrono::steady_clock;

  /// Appends `count` messages, the first at `first`.
  void put(const down_notice* first, size_t count);

  /// Waits until there are messages and moves all of them to `out`, whose
  /// content is lost. Returns false, with `out` empty, if none came by
  /// `deadline`.
  bool take(std::vector<down>& out, clock::time_point deadline);

  /// Takes out the message about `ref`, if it is there.
  void remove(reference ref);

private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<down> messages_;
};

} // namespace vigil::bench
