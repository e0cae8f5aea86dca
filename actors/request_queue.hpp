#pragma once

#include "messages/errc.hpp"
#include "src/event.hpp"
#include "src/link_board.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <variant>
#include <vector>

namespace vigil {

/// How many monitor requests may wait for the control plane before callers wait
/// or get `busy`.
inline constexpr size_t max_waiting_requests = 8192;

/// How far back a demonitor looks for its monitor: what a runtime's threads add
/// between the two.
inline constexpr size_t cancel_depth = 64;

/// Hands the requests of a runtime's threads to the control plane in bulk and
/// in order, and wakes it once for as many as have gathered.
///
/// Monitor requests are bounded. Demonitors and exits are always accepted: they
/// are bounded by the monitors and processes that they end.
///
/// A monitor and its demonitor that meet here need not go any further.
///
/// Thread-safety: all members may be called from any thread.
class request_queue {
public:
  using request
    = std::variant<event::monitor, event::demonitor, event::process_exited>;

  /// Sets what wakes the control plane; called under a lock, so it must not
  /// call back.
  void on_waiting(std::function<void()> wake);

  /// Adds a report of an exit. Errors: `shutdown`.
  errc push_exit(const event::process_exited& x);

  /// Adds a monitor request, unless the queue is full or too much waits for the
  /// object's node already: then it waits or, if it may not, returns `busy`.
  /// Errors: `busy`, `shutdown`.
  errc push_monitor(const event::monitor& x, bool may_wait,
                    const link_board& links);

  /// Adds a demonitor or, with `may_cancel`, takes out the monitor that it
  /// ends, if that is still among the last that were added and `links` tells
  /// that it opens no link. Errors: `shutdown`.
  errc push_demonitor(const event::demonitor& x, bool may_cancel,
                      const link_board& links);

  /// Moves all requests to `out`, which is empty.
  void drain(std::vector<request>& out);

  /// Returns how many monitors met their demonitor here.
  uint64_t cancelled() const;

  /// Makes those who wait look again whether they still have to.
  void recheck();

  /// Refuses all further requests and wakes those who wait.
  void close();

private:
  /// Wakes the control plane if nobody has since it was here.
  void add(request x);

  /// Takes the monitor `ref` out, if it is here and its link is up.
  bool cancel(reference ref, const link_board& links);

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::vector<request> requests_;
  /// No monitor with a smaller reference waits here.
  reference oldest_monitor_ = last_reference;
  uint64_t cancelled_ = 0;
  std::function<void()> wake_;
  bool woken_ = false;
  size_t waiting_callers_ = 0;
  bool closed_ = false;
};

} // namespace vigil
