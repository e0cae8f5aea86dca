#include "actors/request_queue.hpp"

#include <algorithm>
#include <iterator>

namespace vigil {

void request_queue::on_waiting(std::function<void()> wake) {
  std::lock_guard guard{mutex_};
  wake_ = std::move(wake);
}

errc request_queue::push_monitor(const event::monitor& x, bool may_wait,
                                 const link_board& links) {
  std::unique_lock guard{mutex_};
  auto peer = node_of(x.object);
  while (
    !closed_
    && (new_monitors_.size() >= max_waiting_requests || links.is_full(peer))) {
    if (!may_wait)
      return errc::busy;
    ++waiting_callers_;
    room_.wait(guard);
    --waiting_callers_;
  }
  if (closed_)
    return errc::shutdown;
  oldest_monitor_ = std::min(oldest_monitor_, x.ref);
  new_monitors_.push_back({++last_number_, x});
  wake();
  return errc::none;
}

errc request_queue::push_demonitor(const event::demonitor& x, bool may_cancel,
                                   const link_board& links) {
  std::lock_guard guard{mutex_};
  if (may_cancel && !closed_ && cancel(x.ref, links))
    return errc::none;
  return push_end(x);
}

errc request_queue::push_exit(const event::process_exited& x) {
  std::lock_guard guard{mutex_};
  return push_end(x);
}

uint64_t request_queue::cancelled() const {
  std::lock_guard guard{mutex_};
  return cancelled_;
}

void request_queue::recheck() {
  std::lock_guard guard{mutex_};
  if (waiting_callers_ > 0)
    room_.notify_all();
}

void request_queue::close() {
  std::lock_guard guard{mutex_};
  closed_ = true;
  room_.notify_all();
}

void request_queue::refill() {
  std::lock_guard guard{mutex_};
  monitors_.refill(new_monitors_);
  ends_.refill(new_ends_);
  oldest_monitor_ = last_reference;
  if (waiting_callers_ > 0)
    room_.notify_all();
}

bool request_queue::rest() {
  std::lock_guard guard{mutex_};
  woken_ = !monitors_.done() || !ends_.done() || !new_monitors_.empty()
           || !new_ends_.empty();
  return woken_;
}

errc request_queue::push_end(end x) {
  if (closed_)
    return errc::shutdown;
  new_ends_.push_back({++last_number_, std::move(x)});
  wake();
  return errc::none;
}

void request_queue::wake() {
  // Still under the lock: whoever comes later must find the control plane on
  // its way before it asks it something.
  if (woken_ || !wake_)
    return;
  woken_ = true;
  wake_();
}

bool request_queue::cancel(reference ref, const link_board& links) {
  if (ref < oldest_monitor_)
    return false;
  auto last = new_monitors_.rbegin();
  auto stop = std::next(last, static_cast<std::ptrdiff_t>(
                                std::min(new_monitors_.size(), cancel_depth)));
  auto found = std::find_if(last, stop,
                            [ref](const numbered<event::monitor>& x) {
                              return x.what.ref == ref;
                            });
  // Without a link the monitor makes one, also if it is ended at once.
  if (found == stop || !links.is_up(node_of(found->what.object)))
    return false;
  new_monitors_.erase(std::next(found).base());
  ++cancelled_;
  if (waiting_callers_ > 0)
    room_.notify_all();
  return true;
}

} // namespace vigil
