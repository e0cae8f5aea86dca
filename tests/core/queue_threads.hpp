#pragma once

#include "src/front/request_queue.hpp"
#include "tests/core/transcript.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

/// What the tests of the request queue with several threads share: who calls,
/// who consumes, and what was consumed.
namespace vigil::test {

/// How long a test waits for what must happen. Reached only when it fails.
inline constexpr auto queue_patience = std::chrono::seconds{20};

struct entry {
  enum class kind { monitor, demonitor, exit };

  kind what;
  /// Of the monitor; of no meaning for an exit.
  uint64_t number = 0;

  friend bool operator==(const entry& x, const entry& y) {
    return x.what == y.what && x.number == y.number;
  }
};

using entries = std::vector<entry>;

/// What was asked, by the number of the process that asks or ends.
using books = std::map<uint32_t, entries>;

/// Writes down what it is given, as the consumer of a queue.
class scribe {
public:
  void operator()(const event::monitor& x) {
    note(x.watcher, {entry::kind::monitor, number_of(x.ref)});
  }

  void operator()(const event::demonitor& x) {
    note(x.watcher, {entry::kind::demonitor, number_of(x.ref)});
  }

  void operator()(const event::process_exited& x) {
    note(x.process, {entry::kind::exit});
  }

  void operator()(const request_turn&) {
    FAIL("nobody has asked for a turn");
  }

  books all;
  size_t count = 0;

private:
  static uint64_t number_of(reference x) {
    return to_integer(x) - to_integer(first_reference);
  }

  void note(const pid& x, entry what) {
    all[x.number].push_back(what);
    ++count;
  }
};

/// Consumes a queue in slices on a thread of its own, when it is woken and not
/// otherwise.
class consumer {
public:
  explicit consumer(request_queue& queue) : queue_(queue) {
    queue.on_waiting([this] {
      std::lock_guard guard{mutex_};
      CHECK_FALSE(woken_);
      woken_ = true;
      changed_.notify_all();
    });
    thread_ = std::thread{[this] { run(); }};
  }

  ~consumer() {
    {
      std::lock_guard guard{mutex_};
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
    queue_.on_waiting(nullptr);
  }

  consumer(const consumer&) = delete;

  consumer& operator=(const consumer&) = delete;

  /// Waits until so many requests were consumed; returns whether they were.
  bool await(const std::function<bool(size_t)>& enough) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, queue_patience,
                             [&] { return enough(consumed_); });
  }

  /// Called after each slice with how much was consumed so far.
  std::function<void(size_t)> after_slice;

  /// To be read once the consumer has nothing to do.
  scribe notes;

private:
  void run() {
    std::unique_lock guard{mutex_};
    for (size_t round = 0;; ++round) {
      changed_.wait(guard, [this] { return woken_ || stopping_; });
      if (!woken_)
        return;
      woken_ = false;
      for (auto left = true; left;) {
        guard.unlock();
        left = queue_.consume(1 + round % 7, notes);
        if (after_slice)
          after_slice(notes.count);
        guard.lock();
        consumed_ = notes.count;
        changed_.notify_all();
      }
    }
  }

  request_queue& queue_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
  size_t consumed_ = 0;
  std::thread thread_;
};

/// A queue, and a session to node b.
struct threads_world {
  threads_world() {
    links.up(node_b);
  }

  errc monitor(uint32_t watcher, uint64_t number, bool may_wait = true) {
    return queue.push_monitor(
      {proc(node_a, watcher), proc(node_b, 1), ref(number)}, may_wait, links);
  }

  errc demonitor(uint32_t watcher, uint64_t number, bool may_cancel = true) {
    return queue.push_demonitor({proc(node_a, watcher), ref(number)},
                                may_cancel, links);
  }

  errc exit(uint32_t number) {
    return queue.push_exit({proc(node_a, number), exit_reason::normal()});
  }

  /// Adds monitors 0, 1, ... of process 1 until there is no room.
  void fill() {
    for (uint64_t i = 0; i < max_waiting_requests; ++i)
      REQUIRE(monitor(1, i, false) == errc::none);
    REQUIRE(monitor(1, max_waiting_requests, false) == errc::busy);
  }

  scribe consume_all() {
    scribe result;
    CHECK_FALSE(queue.consume(request_queue::no_limit, result));
    return result;
  }

  link_board links;
  request_queue queue{node_a, first_life};
};

/// Callers that each make one call that has to wait, at the same time.
class callers {
public:
  callers(size_t count, const std::function<errc(size_t)>& call) {
    for (size_t i = 0; i < count; ++i)
      answers_.push_back(std::async(std::launch::async, [this, call, i] {
        ++asked_;
        return call(i);
      }));
    while (asked_ < count)
      std::this_thread::yield();
  }

  /// Requires that all calls return this. If one does not return, the queue is
  /// closed, lest the test wait for ever.
  void all_return(errc expected, request_queue& queue) {
    for (auto& answer : answers_) {
      auto returned = answer.wait_for(queue_patience)
                      == std::future_status::ready;
      CHECK(returned);
      if (!returned)
        queue.close();
      CHECK(answer.get() == expected);
    }
  }

private:
  std::atomic<size_t> asked_{0};
  std::vector<std::future<errc>> answers_;
};

} // namespace vigil::test
