#pragma once

#include "messages/errc.hpp"
#include "src/event.hpp"
#include "src/link_board.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <variant>
#include <vector>

namespace vigil {

/// How many monitor requests may wait for the control plane before callers wait
/// or get `busy`.
inline constexpr size_t max_waiting_requests = 65536;

/// Hands the requests of a runtime's threads to the control plane in bulk and
/// in order, and wakes it once for as many as have gathered.
///
/// Monitor requests are bounded. Demonitors and exits are always accepted: they
/// are bounded by the monitors and processes that they end.
///
/// Thread-safety: all members may be called from any thread.
class request_queue {
public:
  using request
    = std::variant<event::monitor, event::demonitor, event::process_exited>;

  /// Sets what wakes the control plane; called under a lock, so it must not
  /// call back.
  void on_waiting(std::function<void()> wake);

  /// Adds a request. Errors: `shutdown`.
  errc push(request x);

  /// Adds a monitor request, unless the queue is full or too much waits for the
  /// object's node already: then it waits or, if it may not, returns `busy`.
  /// Errors: `busy`, `shutdown`.
  errc push_monitor(const event::monitor& x, bool may_wait,
                    const link_board& links);

  /// Moves all requests to `out`, which is empty.
  void drain(std::vector<request>& out);

  /// Makes those who wait look again whether they still have to.
  void recheck();

  /// Refuses all further requests and wakes those who wait.
  void close();

private:
  void add(request x);

  std::mutex mutex_;
  std::condition_variable room_;
  std::vector<request> requests_;
  std::function<void()> wake_;
  size_t waiting_callers_ = 0;
  bool closed_ = false;
};

} // namespace vigil
