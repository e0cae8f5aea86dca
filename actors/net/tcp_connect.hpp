#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/resolver.hpp>
#include <vigil/result.hpp>

#include <atomic>
#include <mutex>

namespace vigil {

/// Lets one thread call off what another waits for.
///
/// Thread-safety: all members may be called from any thread.
class cancellation {
public:
  /// Throws `std::system_error` if the program has no descriptors left.
  cancellation();

  ~cancellation();

  cancellation(const cancellation&) = delete;

  cancellation& operator=(const cancellation&) = delete;

  /// Wakes whoever polls `descriptor`, and shuts the guarded socket down.
  void cancel();

  bool cancelled() const noexcept {
    return cancelled_;
  }

  /// Becomes readable once cancelled.
  int descriptor() const noexcept {
    return event_;
  }

  /// Shuts the socket `fd` down on `cancel`, until `unguard`; at once if that
  /// has happened already.
  void guard(int fd);

  void unguard();

private:
  std::atomic<bool> cancelled_{false};
  int event_;
  std::mutex mutex_;
  int guarded_ = -1;
};

/// Resolves `to` and connects a socket, non-blocking, to the first of its
/// addresses that answers. Blocks the calling thread, and nobody else, until
/// `deadline` at the latest. Returns the descriptor, which the caller owns.
/// Errors: `unresolvable`, `refused`, `setup_timeout`, `shutdown` if called
/// off, `system_limit` if the program has no descriptors or threads left.
result<int> tcp_connect(const node_address& to, time_point deadline,
                        cancellation& stop);

} // namespace vigil
