#pragma once

#include <vigil/core/control_event.hpp>
#include <vigil/creation.hpp>
#include <vigil/errc.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
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

/// The turn of a request that whoever consumes the queue keeps itself.
struct request_turn {
  /// Under which it is kept.
  uint64_t ticket = 0;
  /// Who asks; null if that makes no difference to the order.
  pid asker;
};

/// Hands the requests of a runtime's threads to the control plane in bulk and
/// in slices, and wakes it once for as many as have gathered.
///
/// Monitor requests are bounded. Demonitors and exits are always accepted: they
/// are bounded by the monitors and processes that they end.
///
/// There are three lanes. What is in the ordered lane, and in that of exits, is
/// applied after all that was there before it. The prompt lane is for the
/// monitors of watchers of whom nothing waits in the ordered one: a storm of
/// other processes does not keep them waiting, and the requests of one process
/// stay in their order. Exits have a lane because a storm is made of them: one
/// takes 32 bytes there.
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

  /// Creates an empty queue for the node `self` in its life `life`.
  request_queue(node_name self, creation life) noexcept
    : self_(self),
      life_(life) {
    // nop
  }

  /// Sets what wakes the control plane; called under a lock, so it must not
  /// call back.
  void on_waiting(std::function<void()> wake);

  /// Sets what a caller does in place of waiting, for who runs a whole cluster
  /// in one thread: called without a lock until there is room, with true from
  /// the second time on; the caller gets `busy` once it returns false. To be
  /// set before any call.
  void on_full(std::function<bool(bool again)> make_room);

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
  /// @pre the process is one of this life of the node
  errc push_exit(const event::process_exited& x);

  /// Adds the turn of a request that the consumer keeps. If it is `prompt` it
  /// takes the lane that a monitor of the asker would. Wakes nobody: whoever
  /// asks is the consumer itself, and may do so also once the queue is closed.
  void push_turn(const request_turn& x, bool prompt);

  /// Calls `f` with the next requests: with at most `limit` of the prompt lane
  /// and as many of the others, and with no second one of either once
  /// `enough()` returns true. Returns whether
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
    for (auto left = limit; left > 0 && may_take_in_order(); --left) {
      if (left < limit && enough())
        break;
      if (exit_is_next())
        apply_exit(f);
      else
        apply_ordered(f);
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
  /// What waits, but exits.
  using request = std::variant<event::monitor, event::demonitor, request_turn>;

  /// An exit that waits: a process is known by its `local_number`.
  struct exit_record {
    uint64_t process;
    exit_reason reason;
  };

  static_assert(sizeof(request_lane<exit_record>::entry) == 32);

  static constexpr size_t num_places = 1024;

  /// Where requests of this watcher are counted.
  static size_t place_of(const pid& watcher) noexcept {
    return (watcher.number ^ watcher.serial) % num_places;
  }

  /// The same for who asks. An exit has none: what comes after it from the same
  /// process fails, whatever the order.
  static std::optional<size_t> place_of(const event::monitor& x) noexcept {
    return place_of(x.watcher);
  }

  static std::optional<size_t> place_of(const event::demonitor& x) noexcept {
    return place_of(x.watcher);
  }

  static std::optional<size_t> place_of(const request_turn& x) noexcept {
    return x.asker.node ? std::optional{place_of(x.asker)} : std::nullopt;
  }

  static std::optional<size_t> place_of(const request& x) noexcept {
    return std::visit([](const auto& y) { return place_of(y); }, x);
  }

  /// Takes over what there is, unless that is not needed yet and `all` is not
  /// asked for. What is taken over finds all that was there before it taken
  /// over too.
  void refill(bool all);

  /// Calls `f` with the first request of a lane.
  template <class F>
  void apply(request_lane<request>& lane, F& f) {
    auto& next = lane.front().what;
    auto is_monitor = std::holds_alternative<event::monitor>(next);
    std::visit(f, next);
    applied_monitors_ += is_monitor ? 1 : 0;
    lane.pop_front();
  }

  template <class F>
  void apply_ordered(F& f) {
    auto place = place_of(ordered_.front().what);
    apply(ordered_, f);
    if (place)
      --in_order_[*place];
  }

  template <class F>
  void apply_exit(F& f) {
    auto& next = exits_.front().what;
    f(event::process_exited{make_pid(self_, life_, next.process),
                            std::move(next.reason)});
    exits_.pop_front();
  }

  /// Returns whether an exit was there before what is next in the ordered lane.
  bool exit_is_next() const noexcept {
    return !exits_.empty()
           && (ordered_.empty()
               || exits_.front().number < ordered_.front().number);
  }

  /// Returns whether something is next in order: no request in the prompt lane
  /// was there before it.
  bool may_take_in_order() const noexcept {
    if (exits_.empty() && ordered_.empty())
      return false;
    return prompt_.empty()
           || (exit_is_next() ? exits_.front().number : ordered_.front().number)
                < prompt_.front().number;
  }

  bool rest();

  /// Lets a caller wait, once; returns false if it must give up.
  bool wait_for_room(std::unique_lock<std::mutex>& guard, bool again);

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

  static constexpr size_t cache_line = 64;

  const node_name self_;
  const creation life_;

  /// What callers write, and what the consumer works on, lie on lines of their
  /// own: neither slows the other down.
  alignas(cache_line) mutable std::mutex mutex_;
  std::condition_variable room_;
  request_lane<request> new_prompt_;
  request_lane<request> new_ordered_;
  request_lane<exit_record> new_exits_;
  uint64_t last_number_ = 0;
  /// Monitors that were not applied yet.
  size_t waiting_monitors_ = 0;
  /// No new monitor has a smaller reference.
  reference oldest_monitor_ = last_reference;
  uint64_t cancelled_ = 0;
  std::function<void()> wake_;
  std::function<bool(bool)> make_room_;
  bool woken_ = false;
  size_t waiting_callers_ = 0;
  bool closed_ = false;

  /// How many requests of watchers wait in the ordered lane; watchers may share
  /// a place. Raised under the mutex, lowered by the consumer.
  std::array<std::atomic<uint32_t>, num_places> in_order_{};

  /// The consumer's own.
  alignas(cache_line) request_lane<request> prompt_;
  request_lane<request> ordered_;
  request_lane<exit_record> exits_;
  size_t applied_monitors_ = 0;
};

} // namespace vigil
