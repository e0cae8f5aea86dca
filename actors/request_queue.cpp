#include "actors/request_queue.hpp"

#include <utility>

namespace vigil {

void request_queue::on_waiting(std::function<void()> wake) {
  std::lock_guard guard{mutex_};
  wake_ = std::move(wake);
}

errc request_queue::push(request x) {
  std::lock_guard guard{mutex_};
  if (closed_)
    return errc::shutdown;
  add(std::move(x));
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
  add(x);
  return errc::none;
}

void request_queue::drain(std::vector<request>& out) {
  std::lock_guard guard{mutex_};
  out.swap(requests_);
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

void request_queue::add(request x) {
  requests_.push_back(std::move(x));
  // The first of a batch. Still under the lock: whoever comes later must find
  // the control plane on its way before it asks it something.
  if (requests_.size() == 1 && wake_)
    wake_();
}

} // namespace vigil
