#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace vigil::test {

/// Threads of which one goes at a time, from one of its pauses to the next, in
/// an order that somebody chooses: what they do can be tried in every order.
class interleaving {
public:
  /// Returns which of so many threads that can go goes next.
  using chooser = std::function<size_t(size_t)>;

  /// Adds a thread. It is stopped before its first step.
  void add(std::function<void()> what) {
    steps_.push_back(std::move(what));
    wakes_.emplace_back();
  }

  /// Lets others go first. Called by one of the threads; does nothing on any
  /// other.
  void pause() {
    if (mine() == nobody)
      return;
    std::unique_lock guard{mutex_};
    turn_ = nobody;
    over_.notify_one();
    wakes_[mine()].wait(guard, [this] { return turn_ == mine(); });
  }

  /// Runs all to their ends.
  void run(const chooser& choose) {
    std::vector<std::thread> threads;
    going_.assign(steps_.size(), true);
    for (size_t i = 0; i < steps_.size(); ++i)
      threads.emplace_back([this, i] { live(i); });
    for (;;) {
      std::vector<size_t> left;
      for (size_t i = 0; i < going_.size(); ++i)
        if (going_[i])
          left.push_back(i);
      if (left.empty())
        break;
      std::unique_lock guard{mutex_};
      turn_ = left[left.size() > 1 ? choose(left.size()) : 0];
      wakes_[turn_].notify_one();
      over_.wait(guard, [this] { return turn_ == nobody; });
    }
    for (auto& x : threads)
      x.join();
  }

private:
  static constexpr auto nobody = static_cast<size_t>(-1);

  static size_t& mine() {
    static thread_local size_t number = nobody;
    return number;
  }

  void live(size_t number) {
    mine() = number;
    {
      std::unique_lock guard{mutex_};
      wakes_[number].wait(guard, [&] { return turn_ == number; });
    }
    steps_[number]();
    std::lock_guard guard{mutex_};
    going_[number] = false;
    turn_ = nobody;
    over_.notify_one();
  }

  std::vector<std::function<void()>> steps_;
  std::vector<bool> going_;
  std::mutex mutex_;
  /// Of each thread, and of who chooses: nobody else is woken for a turn.
  std::deque<std::condition_variable> wakes_;
  std::condition_variable over_;
  size_t turn_ = nobody;
};

/// Calls `run(choose)` once for every sequence of choices, and returns how many
/// there are. What is run depends on nothing else.
template <class Run>
size_t try_all(const Run& run) {
  std::vector<size_t> path;
  for (size_t runs = 1;; ++runs) {
    std::vector<std::pair<size_t, size_t>> taken;
    run([&](size_t options) {
      auto depth = taken.size();
      auto chosen = depth < path.size() ? path[depth] : 0;
      taken.emplace_back(chosen, options);
      return chosen;
    });
    while (!taken.empty() && taken.back().first + 1 == taken.back().second)
      taken.pop_back();
    if (taken.empty())
      return runs;
    path.clear();
    for (const auto& x : taken)
      path.push_back(x.first);
    ++path.back();
  }
}

} // namespace vigil::test
