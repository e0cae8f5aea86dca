#pragma once

#include "messages/errc.hpp"
#include "messages/reference.hpp"
#include "src/event.hpp"
#include "src/link_board.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <utility>
#include <variant>
#include <vector>

namespace vigil {

/// How many monitor requests may wait for the control plane before callers wait
/// or get `busy`.
inline constexpr size_t max_waiting_requests = 4096;

/// How many monitors, and how many ends, the control plane applies in one step:
/// what else happens does not wait for long.
inline constexpr size_t request_slice = 1024;

/// How far back a demonitor looks for its monitor: what a runtime's threads add
/// between the two.
inline constexpr size_t cancel_depth = 64;

/// Hands the requests of a runtime's threads to the control plane in bulk and
/// in slices, and wakes it once for as many as have gathered.
///
/// There are two lanes. Monitor requests are bounded. Ends (demonitors and
/// exits) are always accepted: they are bounded by the monitors and processes
/// that they end. An end is applied after all that was there before it; a
/// monitor request, which does not depend on earlier ends, may overtake them,
/// so that a storm of ends does not keep it waiting.
///
/// A monitor and its demonitor that meet here need not go any further.
///
/// Thread-safety: all members may be called from any thread, but `consume` from
/// one at a time.
class request_queue {
public:
  using end = std::variant<event::demonitor, event::process_exited>;

  static constexpr size_t no_limit = std::numeric_limits<size_t>::max();

  /// Sets what wakes the control plane; called under a lock, so it must not
  /// call back.
  void on_waiting(std::function<void()> wake);

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

  /// Adds a report of an exit. Errors: `shutdown`.
  errc push_exit(const event::process_exited& x);

  /// Calls `f` with at most `limit` monitors and as many ends; with `no_limit`,
  /// with all that was there when the call began. Returns whether anything is
  /// left; then whoever consumes must come again without being
  /// woken.
  template <class F>
  bool consume(size_t limit, F&& f) {
    if (monitors_.done() || limit == no_limit)
      refill();
    for (auto left = limit; left > 0 && !monitors_.done(); --left)
      f(monitors_.take().what);
    for (auto left = limit; left > 0 && may_end(); --left)
      std::visit(f, ends_.take().what);
    return rest();
  }

  /// Returns how many monitors met their demonitor here.
  uint64_t cancelled() const;

  /// Makes those who wait look again whether they still have to.
  void recheck();

  /// Refuses all further requests and wakes those who wait.
  void close();

private:
  /// Says what was there before what.
  template <class T>
  struct numbered {
    uint64_t number;
    T what;
  };

  /// What one lane has handed to the consumer.
  template <class T>
  struct outlet {
    std::vector<numbered<T>> content;
    size_t next = 0;

    bool done() const noexcept {
      return next == content.size();
    }

    const numbered<T>& front() const noexcept {
      return content[next];
    }

    numbered<T>& take() noexcept {
      return content[next++];
    }

    /// Takes over what has gathered in `from`, and leaves it empty.
    void refill(std::vector<numbered<T>>& from) {
      if (done()) {
        content.clear();
        next = 0;
        content.swap(from);
        return;
      }
      content.insert(content.end(), std::make_move_iterator(from.begin()),
                     std::make_move_iterator(from.end()));
      from.clear();
    }
  };

  /// Every end that is taken over finds the monitors before it taken over too.
  void refill();

  /// Returns whether there is an end with no monitor before it.
  bool may_end() const noexcept {
    return !ends_.done()
           && (monitors_.done()
               || ends_.front().number < monitors_.front().number);
  }

  bool rest();

  errc push_end(end x);

  /// Wakes the control plane if nobody has since it was done.
  void wake();

  /// Takes the monitor `ref` out, if it is here and its link is up.
  bool cancel(reference ref, const link_board& links);

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::vector<numbered<event::monitor>> new_monitors_;
  std::vector<numbered<end>> new_ends_;
  uint64_t last_number_ = 0;
  /// No new monitor has a smaller reference.
  reference oldest_monitor_ = last_reference;
  uint64_t cancelled_ = 0;
  std::function<void()> wake_;
  bool woken_ = false;
  size_t waiting_callers_ = 0;
  bool closed_ = false;

  /// The consumer's own.
  outlet<event::monitor> monitors_;
  outlet<end> ends_;
};

} // namespace vigil
