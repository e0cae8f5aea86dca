#include "actors/request_queue.hpp"

#include <algorithm>
#include <utility>

namespace vigil {

void request_queue::on_waiting(std::function<void()> wake) {
  std::lock_guard guard{mutex_};
  wake_ = std::move(wake);
}

errc request_queue::push_exit(const event::process_exited& x) {
  std::lock_guard guard{mutex_};
  if (closed_)
    return errc::shutdown;
  add(x);
  return errc::none;
}

errc request_queue::push_demonitor(const event::demonitor& x, bool may_cancel,
                                   const link_board& links) {
  std::lock_guard guard{mutex_};
  if (closed_)
    return errc::shutdown;
  if (!may_cancel || !cancel(x.ref, links))
    add(x);
  return errc::none;
}

errc request_queue::push_monitor(const event::monitor& x, bool may_wait,
                                 const link_board& links) {
  std::unique_lock guard{mutex_};
  auto peer = node_of(x.object);
  while (!closed_
         && (requests_.size() >= max_waiting_requests || links.is_full(peer))) {
    if (!may_wait)
      return errc::busy;
    ++waiting_callers_;
    room_.wait(guard);
    --waiting_callers_;
  }
  if (closed_)
    return errc::shutdown;
  oldest_monitor_ = std::min(oldest_monitor_, x.ref);
  add(x);
  return errc::none;
}

void request_queue::drain(std::vector<request>& out) {
  std::lock_guard guard{mutex_};
  out.swap(requests_);
  oldest_monitor_ = last_reference;
  woken_ = false;
  if (waiting_callers_ > 0)
    room_.notify_all();
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

uint64_t request_queue::cancelled() const {
  std::lock_guard guard{mutex_};
  return cancelled_;
}

void request_queue::add(request x) {
  requests_.push_back(std::move(x));
  // The first of a batch. Still under the lock: whoever comes later must find
  // the control plane on its way before it asks it something.
  if (!woken_ && wake_) {
    woken_ = true;
    wake_();
  }
}

bool request_queue::cancel(reference ref, const link_board& links) {
  if (ref < oldest_monitor_)
    return false;
  auto last = requests_.rbegin();
  auto end
    = last
      + static_cast<std::ptrdiff_t>(std::min(requests_.size(), cancel_depth));
  auto found = std::find_if(last, end, [ref](const request& x) {
    auto monitor = std::get_if<event::monitor>(&x);
    return monitor != nullptr && monitor->ref == ref;
  });
  // Without a link the monitor makes one, also if it is ended at once.
  if (found == end
      || !links.is_up(node_of(std::get_if<event::monitor>(&*found)->object)))
    return false;
  requests_.erase(std::next(found).base());
  ++cancelled_;
  if (waiting_callers_ > 0)
    room_.notify_all();
  return true;
}

} // namespace vigil
