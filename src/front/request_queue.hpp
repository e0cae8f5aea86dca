#pragma once

#include <vigil/core/control_event.hpp>
#include <vigil/errc.hpp>
#include <vigil/reference.hpp>
#include "src/front/link_board.hpp"
#include "src/front/request_lane.hpp"

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

namespace vigil {

/// How many monitor requests may wait for the control plane before callers wait
/// or get `busy`.
inline constexpr size_t max_waiting_requests = 8192;

/// How many requests of each lane the control plane applies in one step at
/// most: what else happens does not wait for long.
inline constexpr size_t request_slice = 2048;

/// How far back a demonitor looks for its monitor: what a runtime's threads add
/// between the two.
inline constexpr size_t cancel_depth = 64;

/// Hands the requests of a runtime's threads to the control plane in bulk and
/// in slices, and wakes it once for as many as have gathered.
///
/// Monitor requests are bounded. Demonitors and exits are always accepted: they
/// are bounded by the monitors and processes that they end.
///
/// There are two lanes. What is in the ordered lane is applied after all that
/// was there before it. The prompt lane is for the monitors of watchers of whom
/// nothing waits in the other one: a storm of other processes does not keep
/// them waiting, and the requests of one process stay in their order.
///
/// What actors ask for has its turns here too, so that it comes after all that
/// was requested before it; the requests themselves are kept by the consumer.
///
/// A monitor and its demonitor that meet here need not go any further.
///
/// Thread-safety: all members may be called from any thread, but `consume` from
/// one at a time.
class request_queue {
public:
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

  /// Adds the turn of a request that the consumer keeps. If it is `prompt` it
  /// takes the lane that a monitor of the asker would. Wakes nobody: whoever
  /// asks is the consumer itself, and may do so also once the queue is closed.
  void push_turn(const request_turn& x, bool prompt);

  /// Calls `f` with the next requests: with at most `limit` of each lane, and
  /// with no second one of a lane once `enough()` returns true. Returns whether
  /// anything is left; then whoever consumes must come again without being
  /// woken. With `no_limit` it takes all that was there when the call began.
  template <class F, class Enough>
  bool consume(size_t limit, F&& f, const Enough& enough) {
    if (prompt_.empty() || limit == no_limit)
      refill(limit == no_limit);
    for (auto left = limit; left > 0 && !prompt_.empty(); --left) {
      if (left < limit && enough())
        break;
      apply(prompt_, f);
    }
    for (auto left = limit; left > 0 && may_take_ordered(); --left) {
      if (left < limit && enough())
        break;
      auto place = place_of(ordered_.front().what);
      apply(ordered_, f);
      if (place)
        --in_order_[*place];
    }
    return rest();
  }

  template <class F>
  bool consume(size_t limit, F&& f) {
    return consume(limit, std::forward<F>(f), [] { return false; });
  }

  /// Returns how many monitors met their demonitor here.
  uint64_t cancelled() const;

  /// Makes those who wait look again whether they still have to.
  void recheck();

  /// Refuses all further requests and wakes those who wait.
  void close();

private:
  static constexpr size_t num_places = 1024;

  /// Where requests of this watcher are counted.
  static size_t place_of(const pid& watcher) noexcept {
    return (watcher.number ^ watcher.serial) % num_places;
  }

  /// The same for who asks; nothing for an exit: what comes after it from the
  /// same process fails, whatever the order.
  static std::optional<size_t> place_of(const event::monitor& x) noexcept {
    return place_of(x.watcher);
  }

  static std::optional<size_t> place_of(const event::demonitor& x) noexcept {
    return place_of(x.watcher);
  }

  static std::optional<size_t> place_of(const event::process_exited&) noexcept {
    return std::nullopt;
  }

  static std::optional<size_t> place_of(const request_turn& x) noexcept {
    return x.asker.node ? std::optional{place_of(x.asker)} : std::nullopt;
  }

  static std::optional<size_t> place_of(const queued_request& x) noexcept {
    return std::visit([](const auto& y) { return place_of(y); }, x);
  }

  /// Takes over what there is, unless that is not needed yet and `all` is not
  /// asked for. What is taken over finds all that was there before it taken
  /// over too.
  void refill(bool all);

  /// Calls `f` with the first request of a lane.
  template <class F>
  void apply(request_lane& lane, F& f) {
    auto& next = lane.front().what;
    auto is_monitor = std::holds_alternative<event::monitor>(next);
    std::visit(f, next);
    applied_monitors_ += is_monitor ? 1 : 0;
    lane.pop_front();
  }

  /// Returns whether something is next in order: no request in the other lane
  /// was there before it.
  bool may_take_ordered() const noexcept {
    return !ordered_.empty()
           && (prompt_.empty()
               || ordered_.front().number < prompt_.front().number);
  }

  bool rest();

  template <class Request>
  void push_prompt(const Request& x) {
    new_prompt_.push_back(++last_number_, x);
  }

  template <class Request>
  void push_ordered(const Request& x) {
    if (auto place = place_of(x))
      ++in_order_[*place];
    new_ordered_.push_back(++last_number_, x);
  }

  /// Wakes the control plane if nobody has since it was done.
  void wake();

  /// Takes the monitor `ref` out, if it is here and its link is up.
  bool cancel(reference ref, const link_board& links);

  mutable std::mutex mutex_;
  std::condition_variable room_;
  request_lane new_prompt_;
  request_lane new_ordered_;
  uint64_t last_number_ = 0;
  /// Monitors that were not applied yet.
  size_t waiting_monitors_ = 0;
  /// No new monitor has a smaller reference.
  reference oldest_monitor_ = last_reference;
  uint64_t cancelled_ = 0;
  std::function<void()> wake_;
  bool woken_ = false;
  size_t waiting_callers_ = 0;
  bool closed_ = false;

  /// How many requests of watchers wait in the ordered lane; watchers may share
  /// a place. Raised under the mutex, lowered by the consumer.
  std::array<std::atomic<uint32_t>, num_places> in_order_{};

  /// The consumer's own.
  request_lane prompt_;
  request_lane ordered_;
  size_t applied_monitors_ = 0;
};

} // namespace vigil
