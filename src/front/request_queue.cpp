#include "src/front/request_queue.hpp"

#include <algorithm>

namespace vigil {

void request_queue::on_waiting(std::function<void()> wake) {
  std::lock_guard guard{mutex_};
  wake_ = std::move(wake);
}

void request_queue::on_full(std::function<bool(bool again)> make_room) {
  std::lock_guard guard{mutex_};
  make_room_ = std::move(make_room);
}

errc request_queue::push_monitor(const event::monitor& x, bool may_wait,
                                 const link_board& links) {
  std::unique_lock guard{mutex_};
  auto peer = node_of(x.object);
  for (auto again = false;
       !closed_
       && (waiting_monitors_ >= max_waiting_requests || links.is_full(peer));
       again = true)
    if (!may_wait || !wait_for_room(guard, again))
      return errc::busy;
  if (closed_)
    return errc::shutdown;
  ++waiting_monitors_;
  oldest_monitor_ = std::min(oldest_monitor_, x.ref);
  if (in_order_[place_of(x.watcher)] == 0)
    push_prompt(x);
  else
    push_ordered(x);
  wake();
  return errc::none;
}

errc request_queue::push_demonitor(const event::demonitor& x, bool may_cancel,
                                   const link_board& links) {
  std::lock_guard guard{mutex_};
  if (closed_)
    return errc::shutdown;
  if (may_cancel && cancel(x.ref, links))
    return errc::none;
  push_ordered(x);
  wake();
  return errc::none;
}

errc request_queue::push_exit(const event::process_exited& x) {
  std::lock_guard guard{mutex_};
  if (closed_)
    return errc::shutdown;
  new_exits_.push_back(++last_number_,
                       exit_record{local_number(x.process), x.reason});
  wake();
  return errc::none;
}

void request_queue::push_turn(const request_turn& x, bool prompt) {
  std::lock_guard guard{mutex_};
  if (prompt && in_order_[place_of(x.asker)] == 0)
    push_prompt(x);
  else
    push_ordered(x);
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

void request_queue::refill(bool all) {
  std::lock_guard guard{mutex_};
  if (!all && new_prompt_.empty() && !(ordered_.empty() && exits_.empty()))
    return;
  prompt_.take_over(new_prompt_);
  ordered_.take_over(new_ordered_);
  exits_.take_over(new_exits_);
  oldest_monitor_ = last_reference;
}

bool request_queue::rest() {
  std::lock_guard guard{mutex_};
  waiting_monitors_ -= std::exchange(applied_monitors_, 0);
  if (waiting_callers_ > 0)
    room_.notify_all();
  prompt_.give_memory(new_prompt_);
  ordered_.give_memory(new_ordered_);
  exits_.give_memory(new_exits_);
  woken_ = !(prompt_.empty() && ordered_.empty() && exits_.empty()
             && new_prompt_.empty() && new_ordered_.empty()
             && new_exits_.empty());
  return woken_;
}

bool request_queue::wait_for_room(std::unique_lock<std::mutex>& guard,
                                  bool again) {
  if (!make_room_) {
    ++waiting_callers_;
    room_.wait(guard);
    --waiting_callers_;
    return true;
  }
  guard.unlock();
  auto go_on = make_room_(again);
  guard.lock();
  return go_on;
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
  // Without a link the monitor makes one, also if it is ended at once.
  auto is_it = [&](const request& x) {
    auto monitor = std::get_if<event::monitor>(&x);
    return monitor != nullptr && monitor->ref == ref
           && links.is_up(node_of(monitor->object));
  };
  auto leave_order = [&](const request& x) { --in_order_[*place_of(x)]; };
  if (!new_prompt_.take_last(cancel_depth, is_it, [](const auto&) {})
      && !new_ordered_.take_last(cancel_depth, is_it, leave_order))
    return false;
  --waiting_monitors_;
  ++cancelled_;
  if (waiting_callers_ > 0)
    room_.notify_all();
  return true;
}

} // namespace vigil
