#include "testkit/lock_probe.hpp"

#include <utility>

namespace vigil::testkit {

lock_probe::~lock_probe() {
  end();
}

void lock_probe::end() {
  if (!thread_.joinable())
    return;
  {
    std::lock_guard guard{mutex_};
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool lock_probe::is_free(const vigil::runtime& x, timespan limit) {
  std::unique_lock guard{mutex_};
  if (!thread_.joinable())
    thread_ = std::thread{[this] { run(); }};
  // It may still wait for the answer before this one.
  auto is_idle = [this] { return asked_ == nullptr; };
  if (!changed_.wait_for(guard, limit, is_idle))
    return false;
  asked_ = &x;
  changed_.notify_all();
  return changed_.wait_for(guard, limit, is_idle);
}

void lock_probe::run() {
  std::unique_lock guard{mutex_};
  for (;;) {
    changed_.wait(guard, [this] { return stopping_ || asked_ != nullptr; });
    if (stopping_)
      return;
    auto asked = asked_;
    guard.unlock();
    static_cast<void>(asked->alive(pid{}));
    guard.lock();
    asked_ = nullptr;
    changed_.notify_all();
  }
}

} // namespace vigil::testkit
