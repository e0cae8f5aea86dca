#include "bench/core/limits/bare_target.hpp"

#include "bench/common/failure.hpp"
#include "bench/core/limits/figures.hpp"
#include "bench/core/limits/thread_time.hpp"

namespace vigil::bench {

void bare_target::run() {
  take([this] { set_up(); });
  take([this] { demonitor(); });
  take([this] { set_up(); });
  first_ = peer_.get_one();
  take([this] { end_all(); });
  if (!monitors_.empty())
    throw failure{"something is left at the target"};
  take([this] { set_up(); });
  // The end of the process is the end of the connection.
  peer_.get_one();
}

void bare_target::set_up() {
  receive([this](uint32_t x) { return monitors_.try_emplace(x).second; });
}

void bare_target::demonitor() {
  receive([this](uint32_t x) { return monitors_.erase(x) == 1; });
}

void bare_target::end_all() {
  for (uint32_t i = 0; i < num_monitors; ++i) {
    if (monitors_.erase(first_ + i) != 1)
      throw failure{"a process ends that nobody watches"};
    peer_.put(first_ + i);
  }
  peer_.flush();
}

template <class F>
void bare_target::receive(const F& f) {
  for (auto left = num_monitors; left > 0;) {
    const auto& numbers = peer_.get(left);
    if (numbers.empty())
      throw failure{"the watcher has gone"};
    left -= numbers.size();
    for (auto x : numbers)
      if (!f(x))
        throw failure{"a monitor comes or goes twice"};
  }
}

template <class Work>
void bare_target::take(const Work& work) {
  auto socket = peer_.spent();
  auto start = thread_time();
  work();
  auto taken = thread_time() - start;
  socket = peer_.spent() - socket;
  peer_.put(static_cast<uint32_t>(taken.count()));
  peer_.put(static_cast<uint32_t>(socket.count()));
  peer_.flush();
}

} // namespace vigil::bench
