#include "actors/loop/short_spin.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace vigil {

short_spin::short_spin(caf::io::network::multiplexer& loop, timespan length,
                       yield_fun yield)
  : loop_(loop),
    length_(length),
    yield_(yield) {
  // nop
}

void short_spin::start() {
  if (length_ <= timespan{0})
    return;
  if (spinning_) {
    misses_ = 0;
  } else if (misses_ >= patience && ++skipped_ < patience) {
    return;
  }
  auto now = std::chrono::steady_clock::now();
  if (now < rested_)
    return;
  skipped_ = 0;
  end_ = now + length_;
  if (spinning_)
    return;
  spinning_ = true;
  // The multiplexer takes over one reference.
  ref();
  loop_.exec_later(this);
}

caf::resumable::subtype_t short_spin::subtype() const {
  return function_object;
}

caf::resumable::resume_result short_spin::resume(caf::execution_unit*, size_t) {
  auto now = std::chrono::steady_clock::now();
  if (now < end_) {
    auto back = yield_(now);
    if (back - now <= away_at_most)
      return resume_later;
    rest(back);
  } else {
    rest_ = timespan{0};
    ++misses_;
  }
  spinning_ = false;
  return done;
}

time_point short_spin::yield_thread(time_point) {
  std::this_thread::yield();
  return std::chrono::steady_clock::now();
}

void short_spin::rest(time_point now) {
  rest_ = std::clamp(2 * rest_, least_rest, most_rest);
  rested_ = now + rest_;
}

void short_spin::intrusive_ptr_add_ref_impl() {
  ref();
}

void short_spin::intrusive_ptr_release_impl() {
  deref();
}

} // namespace vigil
