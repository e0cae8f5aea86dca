#pragma once

#include <vigil/node.hpp>
#include <vigil/process_table.hpp>
#include <vigil/runtime.hpp>
#include "tests/core/transcript.hpp"

#include <doctest/doctest.h>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

/// What the tests with real nodes and sockets share.
namespace vigil::test {

using std::chrono::milliseconds;
using std::chrono::seconds;
using steady = std::chrono::steady_clock;

/// How long a test waits for what must happen. Reached only when it fails.
inline constexpr auto patience = seconds{20};

/// A runtime whose processes are entries of a table. Thread-safe.
class table_runtime : public runtime {
public:
  // -- for tests --------------------------------------------------------------

  void spawn(const pid& x,
             const std::optional<process_name>& name = std::nullopt) {
    std::lock_guard guard{mutex_};
    REQUIRE(processes_.add(x, {}, name) == errc::none);
  }

  /// Makes `x` invisible, as a runtime must before it reports the end.
  void end(const pid& x) {
    std::lock_guard guard{mutex_};
    processes_.remove(x);
  }

  /// Waits until the DOWNs so far satisfy `f`; returns whether they do.
  bool wait(const std::function<bool(const std::vector<down_notice>&)>& f) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, patience, [&] { return f(downs_); });
  }

  bool wait_for_downs(size_t n) {
    return wait([=](const auto& downs) { return downs.size() >= n; });
  }

  bool wait_for_event(const std::string& line) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, patience, [&] {
      return std::count(events_.begin(), events_.end(), line) > 0;
    });
  }

  std::vector<down_notice> downs() {
    std::lock_guard guard{mutex_};
    return downs_;
  }

  /// `down REASON`, `remove` and node events, in order.
  lines events() {
    std::lock_guard guard{mutex_};
    return events_;
  }

  std::function<void(const down_notice&)> on_deliver;

  // -- runtime ----------------------------------------------------------------

  bool alive(const pid& x) const noexcept override {
    std::lock_guard guard{mutex_};
    return processes_.contains(x);
  }

  std::optional<pid> whereis(const process_name& x) const noexcept override {
    std::lock_guard guard{mutex_};
    return processes_.whereis(x);
  }

  void deliver(const down_notice* first, size_t count) noexcept override {
    for (auto i = first; on_deliver && i != first + count; ++i)
      on_deliver(*i);
    std::lock_guard guard{mutex_};
    for (auto i = first; i != first + count; ++i) {
      downs_.push_back(*i);
      events_.push_back("down " + to_string(i->message.reason));
    }
    changed_.notify_all();
  }

  void remove_down(const pid&, reference) noexcept override {
    note("remove");
  }

  void on_node_event(const node_event& x) noexcept override {
    note(x.up ? "nodeup " + brief(x.peer)
              : "nodedown " + brief(x.peer) + ' '
                  + std::string{to_string(x.cause)});
  }

private:
  void note(std::string x) {
    std::lock_guard guard{mutex_};
    events_.push_back(std::move(x));
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  process_table<std::monostate> processes_;
  std::vector<down_notice> downs_;
  lines events_;
};

inline node_config config_of(node_name name,
                             vigil::runtime* runtime = nullptr) {
  node_config result;
  result.name = name;
  result.runtime = runtime;
  result.log = nullptr;
  return result;
}

inline std::string failure_of(const result<std::unique_ptr<node>>& x) {
  return x ? "started" : to_string(x.failure());
}

inline std::unique_ptr<node> start(const node_config& config) {
  auto result = node::start(config);
  if (!result)
    FAIL(to_string(result.failure()));
  return std::move(*result);
}

/// A real node with a `table_runtime`.
struct loopback_node {
  explicit loopback_node(node_name name)
    : impl(start(config_of(name, &runtime))) {
    // nop
  }

  ~loopback_node() {
    impl->stop();
  }

  loopback_node(const loopback_node&) = delete;

  loopback_node& operator=(const loopback_node&) = delete;

  pid spawn() {
    auto id = front.new_pid();
    runtime.spawn(id);
    return id;
  }

  void end(const pid& x, std::string_view reason) {
    runtime.end(x);
    CHECK(front.process_exited(x, atom(reason)) == errc::none);
  }

  void knows(const loopback_node& x) {
    impl->addresses().add(x.impl->name(), {"127.0.0.1", x.impl->port()});
  }

  /// Waits until `process` is monitored `n` times.
  void wait_for_watchers(const pid& process, size_t n) {
    auto deadline = steady::now() + patience;
    watcher_list list;
    do
      list = front.monitored_by(process).value();
    while (list.watchers.size() != n && steady::now() < deadline);
    CHECK(list.watchers.size() == n);
  }

  table_runtime runtime;
  std::unique_ptr<node> impl;
  runtime_front front{impl->front()};
};

/// A listening socket on loopback that is no node: it accepts nobody by itself
/// and says nothing.
class mute_listener {
public:
  explicit mute_listener(int backlog = 16)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    REQUIRE(fd_ >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address))
            == 0);
    if (backlog > 0)
      REQUIRE(::listen(fd_, backlog) == 0);
    socklen_t size = sizeof(address);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }

  ~mute_listener() {
    ::close(fd_);
  }

  mute_listener(const mute_listener&) = delete;

  mute_listener& operator=(const mute_listener&) = delete;

  uint16_t port() const {
    return port_;
  }

  /// Waits for a connection; returns its descriptor.
  int accept() const {
    pollfd waiting{fd_, POLLIN, 0};
    REQUIRE(::poll(&waiting, 1, 20000) == 1);
    return ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
  }

private:
  int fd_;
  uint16_t port_ = 0;
};

/// Measures how long something takes.
class stopwatch {
public:
  bool within(milliseconds x) const {
    return steady::now() - start_ < x;
  }

private:
  steady::time_point start_ = steady::now();
};

} // namespace vigil::test
