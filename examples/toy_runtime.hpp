#pragma once

// A toy runtime, of the shape that a runtime for a BEAM-like language has: its
// processes are plain structs, and it embeds a node through `runtime` (what the
// node asks of it) and `runtime_front` (what it asks of the node). No actor in
// sight. In toy_runtime.cpp it has threads of its own, in runtime_test.cpp the
// test kit runs its processes.

#include <vigil/process_table.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

/// The processes of one node, and what they have to do.
class toy_runtime : public vigil::runtime {
public:
  /// Makes a process. All of its life happens through the front of its node.
  vigil::result<vigil::pid>
  spawn(vigil::runtime_front& front,
        const std::optional<vigil::process_name>& name = std::nullopt) {
    auto id = front.new_pid();
    std::lock_guard guard{mutex_};
    auto why = processes_.add(id, std::make_shared<process>(), name);
    if (why != vigil::errc::none)
      return why;
    return id;
  }

  /// Ends a process: first invisible, then reported, exactly once.
  void exit(vigil::runtime_front& front, const vigil::pid& id,
            const vigil::exit_reason& reason) {
    {
      std::lock_guard guard{mutex_};
      if (!processes_.remove(id))
        return;
    }
    auto why = front.process_exited(id, reason);
    if (why != vigil::errc::none)
      std::fprintf(stderr, "%s\n", std::string{sentence(why)}.c_str());
  }

  /// What a process does with a DOWN.
  void
  on_down(std::function<void(const vigil::pid&, const vigil::down&)> handler) {
    handler_ = std::move(handler);
  }

  // -- the scheduler ----------------------------------------------------------

  /// Puts something into the run queue.
  void schedule(std::function<void()> f) {
    {
      std::lock_guard guard{mutex_};
      run_queue_.push_back(std::move(f));
    }
    work_.notify_one();
  }

  size_t num_scheduled() const {
    std::lock_guard guard{mutex_};
    return run_queue_.size();
  }

  /// Runs the one with this number of what is in the run queue.
  void run_scheduled(size_t choice) {
    std::unique_lock guard{mutex_};
    auto place = run_queue_.begin() + static_cast<std::ptrdiff_t>(choice);
    auto f = std::move(*place);
    run_queue_.erase(place);
    guard.unlock();
    f();
  }

  /// Runs what is in the queue and what comes, until `stop`: what a scheduler
  /// thread does.
  void run_until_stopped() {
    std::unique_lock guard{mutex_};
    for (;;) {
      work_.wait(guard, [this] { return stopping_ || !run_queue_.empty(); });
      if (run_queue_.empty())
        return;
      auto f = std::move(run_queue_.front());
      run_queue_.pop_front();
      guard.unlock();
      f();
      guard.lock();
    }
  }

  void stop() {
    {
      std::lock_guard guard{mutex_};
      stopping_ = true;
    }
    work_.notify_all();
  }

  // -- what the node asks -----------------------------------------------------
  // On the control plane's thread, the first two also on the threads that
  // monitor, which must not hold the mutex then.

  bool alive(const vigil::pid& id) const noexcept override {
    std::lock_guard guard{mutex_};
    return processes_.contains(id);
  }

  std::optional<vigil::pid>
  whereis(const vigil::process_name& name) const noexcept override {
    std::lock_guard guard{mutex_};
    return processes_.whereis(name);
  }

  void deliver(const vigil::down_notice* first,
               size_t count) noexcept override {
    // Only hands over: the watchers run when the scheduler runs them.
    for (size_t i = 0; i < count; ++i) {
      auto watcher = find(first[i].watcher);
      if (watcher == nullptr)
        continue;
      {
        std::lock_guard guard{watcher->mutex};
        watcher->mailbox.push_back(first[i].message);
      }
      schedule([this, id = first[i].watcher] { receive(id); });
    }
  }

  void remove_down(const vigil::pid& id,
                   vigil::reference ref) noexcept override {
    auto watcher = find(id);
    if (watcher == nullptr)
      return;
    std::lock_guard guard{watcher->mutex};
    auto& mailbox = watcher->mailbox;
    for (auto i = mailbox.begin(); i != mailbox.end(); ++i)
      if (i->ref == ref) {
        mailbox.erase(i);
        return;
      }
  }

private:
  /// A process: a mailbox, and nothing else that matters here.
  struct process {
    std::mutex mutex;
    std::deque<vigil::down> mailbox;
  };

  std::shared_ptr<process> find(const vigil::pid& id) {
    std::lock_guard guard{mutex_};
    auto found = processes_.find(id);
    return found != nullptr ? *found : nullptr;
  }

  /// Runs one process until its mailbox is empty.
  void receive(const vigil::pid& id) {
    auto self = find(id);
    if (self == nullptr)
      return;
    for (;;) {
      std::unique_lock guard{self->mutex};
      if (self->mailbox.empty())
        return;
      auto message = std::move(self->mailbox.front());
      self->mailbox.pop_front();
      guard.unlock();
      handler_(id, message);
    }
  }

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> run_queue_;
  vigil::process_table<std::shared_ptr<process>> processes_;
  std::function<void(const vigil::pid&, const vigil::down&)> handler_
    = [](const vigil::pid&, const vigil::down&) {};
  bool stopping_ = false;
};
