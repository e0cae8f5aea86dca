#include "actors/loop/short_spin.hpp"

#include <thread>

namespace vigil {

short_spin::short_spin(caf::io::network::multiplexer& loop, timespan length)
  : loop_(loop),
    length_(length) {
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
  skipped_ = 0;
  end_ = std::chrono::steady_clock::now() + length_;
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
  if (std::chrono::steady_clock::now() < end_) {
    std::this_thread::yield();
    return resume_later;
  }
  spinning_ = false;
  ++misses_;
  return done;
}

void short_spin::intrusive_ptr_add_ref_impl() {
  ref();
}

void short_spin::intrusive_ptr_release_impl() {
  deref();
}

} // namespace vigil
