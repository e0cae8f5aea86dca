#include "bench/core/limits/bare_watcher.hpp"

#include "bench/common/failure.hpp"
#include "bench/core/limits/thread_time.hpp"

#include <cstddef>
#include <future>
#include <vector>

namespace vigil::bench {

namespace {

/// How many messages of a loss are put into the mailbox at a time.
constexpr size_t loss_slice = 1024;

constexpr uint64_t killed = 1;

bare_message message_of(const bare_monitor& x) {
  return {x.watcher, x.target, x.reference, killed, 0, 0, 0};
}

} // namespace

void bare_watcher::run() {
  take("setup", [this] {
    set_up();
    add_target("setup");
  });
  take("demonitor", [this] {
    demonitor();
    add_target("demonitor");
  });
  set_up();
  add_target({});
  deliver_all("exits", [this] {
    take_exits();
    add_target("exits");
  });
  set_up();
  add_target({});
  deliver_all("loss", [this] { take_loss(); });
  if (!monitors_.empty())
    throw failure{"something is left at the watcher"};
}

// -- deeds --------------------------------------------------------------------

void bare_watcher::set_up() {
  first_ = next_;
  next_ += num_monitors;
  for (auto i = first_; i != next_; ++i) {
    monitors_.try_emplace(i, bare_monitor{1, i, i});
    peer_.put(i);
  }
  peer_.flush();
}

void bare_watcher::demonitor() {
  for (auto i = first_; i != next_; ++i) {
    monitors_.erase(i);
    peer_.put(i);
  }
  peer_.flush();
}

void bare_watcher::take_exits() {
  peer_.put(first_);
  peer_.flush();
  for (auto left = num_monitors; left > 0;) {
    const auto& numbers = peer_.get(left);
    if (numbers.empty())
      throw failure{"the target has gone"};
    left -= numbers.size();
    inbox_.put([&](std::vector<bare_message>& out) {
      for (auto x : numbers) {
        auto i = monitors_.find(x);
        if (i == monitors_.end())
          throw failure{"an exit of nobody, or the second of one"};
        out.push_back(message_of(i->second));
        monitors_.erase(i);
      }
    });
  }
}

void bare_watcher::take_loss() {
  peer_.put(first_);
  peer_.flush();
  if (!peer_.get(1).empty())
    throw failure{"the target does not end"};
  for (auto i = monitors_.begin(); i != monitors_.end();)
    inbox_.put([&](std::vector<bare_message>& out) {
      for (size_t n = 0; n < loss_slice && i != monitors_.end(); ++n, ++i)
        out.push_back(message_of(i->second));
    });
  monitors_.clear();
}

// -- measuring ----------------------------------------------------------------

template <class Work>
void bare_watcher::deliver_all(std::string_view name, const Work& work) {
  std::chrono::nanoseconds reading{0};
  take(name, [&] {
    auto reader = std::async(std::launch::async, [this] { return read_all(); });
    work();
    reading = reader.get();
  });
  out_.add(name, "bare_reader", reading);
}

std::chrono::nanoseconds bare_watcher::read_all() {
  auto start = thread_time();
  std::vector<bool> seen(num_monitors);
  std::vector<bare_message> messages;
  for (auto left = num_monitors; left > 0; left -= messages.size()) {
    inbox_.take(messages);
    for (const auto& x : messages) {
      auto i = x.reference - first_;
      if (i >= num_monitors || seen[i] || x.reason != killed)
        throw failure{"a message of no monitor, or the second of one"};
      seen[i] = true;
    }
  }
  return thread_time() - start;
}

template <class Work>
void bare_watcher::take(std::string_view name, const Work& work) {
  using clock = std::chrono::steady_clock;
  auto socket = peer_.spent();
  auto wall = clock::now();
  auto start = thread_time();
  work();
  out_.add(name, "bare_watcher", thread_time() - start);
  out_.add(name, "bare_wall", clock::now() - wall);
  out_.add(name, "bare_watcher_socket", peer_.spent() - socket);
}

void bare_watcher::add_target(std::string_view name) {
  std::chrono::nanoseconds taken{peer_.get_one()};
  std::chrono::nanoseconds socket{peer_.get_one()};
  if (name.empty())
    return;
  out_.add(name, "bare_target", taken);
  out_.add(name, "bare_target_socket", socket);
}

} // namespace vigil::bench
