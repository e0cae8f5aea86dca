// The queue between a runtime's threads and the control plane, with both.

#include "tests/core/queue_threads.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A thread of a runtime, whose processes monitor, demonitor and end.
class producer {
public:
  producer(threads_world& world, std::atomic<uint64_t>& numbers, uint32_t first)
    : world_(world),
      numbers_(numbers),
      first_(first),
      random_(first) {
    // nop
  }

  void run(size_t rounds) {
    for (size_t i = 0; i < rounds; ++i) {
      auto process = first_ + below(num_processes);
      switch (below(3)) {
        case 0:
          monitor(process);
          break;
        case 1:
          // At once: most of these pairs meet in the queue.
          demonitor(process, monitor(process));
          break;
        default:
          if (!open_[process].empty())
            demonitor(process, open_[process].front());
          break;
      }
    }
    for (uint32_t i = 0; i < num_processes; ++i) {
      asked[first_ + i].push_back({entry::kind::exit});
      CHECK(world_.exit(first_ + i) == errc::none);
    }
  }

  static constexpr uint32_t num_processes = 5;

  /// In the order of the calls.
  books asked;

  size_t count() const {
    size_t result = 0;
    for (const auto& [process, all] : asked)
      result += all.size();
    return result;
  }

private:
  uint32_t below(uint32_t limit) {
    return static_cast<uint32_t>(random_() % limit);
  }

  uint64_t monitor(uint32_t process) {
    auto number = numbers_++;
    asked[process].push_back({entry::kind::monitor, number});
    CHECK(world_.monitor(process, number) == errc::none);
    open_[process].push_back(number);
    return number;
  }

  void demonitor(uint32_t process, uint64_t number) {
    auto& open = open_[process];
    open.erase(std::find(open.begin(), open.end(), number));
    asked[process].push_back({entry::kind::demonitor, number});
    CHECK(world_.demonitor(process, number, below(4) != 0) == errc::none);
  }

  threads_world& world_;
  std::atomic<uint64_t>& numbers_;
  uint32_t first_;
  std::mt19937 random_;
  std::map<uint32_t, std::deque<uint64_t>> open_;
};

/// Requires that what a process has asked was consumed in this order, but for
/// pairs of a monitor and its demonitor; returns how many pairs are missing.
size_t missing_pairs(const entries& asked, const entries& consumed) {
  std::set<uint64_t> seen;
  for (const auto& x : consumed)
    if (x.what != entry::kind::exit)
      seen.insert(x.number);
  std::set<uint64_t> missing;
  entries expected;
  for (const auto& x : asked)
    if (x.what == entry::kind::exit || seen.count(x.number) > 0)
      expected.push_back(x);
    else
      missing.insert(x.number);
  CHECK(consumed == expected);
  size_t pairs = 0;
  for (const auto& x : asked)
    if (x.what == entry::kind::demonitor && missing.count(x.number) > 0)
      ++pairs;
  // A monitor without a demonitor would have been lost.
  CHECK(pairs == missing.size());
  return pairs;
}

} // namespace

TEST_CASE("threads: a queue loses nothing, doubles nothing, and keeps the "
          "order of each process") {
  threads_world w;
  std::atomic<uint64_t> numbers{0};
  consumer plane{w.queue};
  std::vector<producer> producers;
  // The first processes of all share their places in the count of who waits.
  for (uint32_t i = 0; i < 4; ++i)
    producers.emplace_back(w, numbers, 1 + 1024 * i);
  std::vector<std::thread> threads;
  threads.reserve(producers.size());
  for (auto& x : producers)
    threads.emplace_back([&x] { x.run(4'000); });
  for (auto& thread : threads)
    thread.join();
  size_t asked = 0;
  for (const auto& x : producers)
    asked += x.count();
  auto cancelled = w.queue.cancelled();
  // All of it because the consumer was woken, however little was left.
  REQUIRE(plane.await([&](size_t x) { return x + 2 * cancelled >= asked; }));
  CHECK(plane.notes.count + 2 * cancelled == asked);
  size_t missing = 0;
  for (const auto& x : producers)
    for (const auto& [process, entries] : x.asked)
      missing += missing_pairs(entries, plane.notes.all[process]);
  CHECK(missing == cancelled);
  CHECK(cancelled > 0);
}

TEST_CASE("threads: callers that wait for room get in, and never more than "
          "there is room for") {
  constexpr size_t each = 2 * max_waiting_requests;
  threads_world w;
  std::atomic<size_t> returned{0};
  consumer plane{w.queue};
  std::atomic<size_t> most{0};
  plane.after_slice = [&](size_t consumed) {
    auto waiting = returned.load();
    if (waiting > consumed)
      most = std::max(most.load(), waiting - consumed);
  };
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (uint32_t i = 0; i < 3; ++i)
    threads.emplace_back([&, i] {
      for (size_t j = 0; j < each; ++j) {
        CHECK(w.monitor(1 + i, i * each + j) == errc::none);
        ++returned;
      }
    });
  for (auto& thread : threads)
    thread.join();
  REQUIRE(plane.await([&](size_t x) { return x >= 3 * each; }));
  CHECK(plane.notes.count == 3 * each);
  for (uint32_t i = 0; i < 3; ++i)
    for (size_t j = 0; j < each; ++j)
      if (plane.notes.all[1 + i][j].number != i * each + j)
        FAIL("process " << 1 + i << " is out of order at " << j);
  CHECK(most <= max_waiting_requests);
}

TEST_CASE("threads: callers at the bound are let in by a slice, as many as it "
          "makes room for") {
  for (size_t round = 0; round < 10; ++round) {
    threads_world w;
    w.fill();
    callers waiting{3, [&](size_t i) {
                      return w.monitor(2, max_waiting_requests + i);
                    }};
    scribe first;
    CHECK(w.queue.consume(3, first));
    CHECK(first.count == 3);
    waiting.all_return(errc::none, w.queue);
    CHECK(w.monitor(1, 0, false) == errc::busy);
    auto rest = w.consume_all();
    CHECK(rest.all[1].size() == max_waiting_requests - 3);
    CHECK(rest.all[2].size() == 3);
  }
}

TEST_CASE("threads: callers that wait for a node of whom too much waits are "
          "let in by a recheck") {
  threads_world w;
  for (size_t round = 0; round < 200; ++round) {
    w.links.set_full(node_b, true);
    callers waiting{3, [&](size_t i) { return w.monitor(1, 3 * round + i); }};
    // Those of other nodes pass meanwhile.
    CHECK(w.queue.push_monitor({proc(node_a, 2), proc(node_c, 1), ref(0)},
                               false, w.links)
          == errc::none);
    // A look that comes too early lets nobody in.
    w.queue.recheck();
    CHECK(w.consume_all().all[1].empty());
    w.links.set_full(node_b, false);
    w.queue.recheck();
    waiting.all_return(errc::none, w.queue);
    CHECK(w.consume_all().all[1].size() == 3);
  }
}

TEST_CASE("threads: a caller at the bound is let in by a pair that is "
          "cancelled") {
  threads_world w;
  w.fill();
  for (uint64_t last = max_waiting_requests - 1, round = 0; round < 200;
       ++round, ++last) {
    callers waiting{1, [&](size_t) { return w.monitor(1, last + 1); }};
    CHECK(w.demonitor(1, last) == errc::none);
    waiting.all_return(errc::none, w.queue);
    CHECK(w.queue.cancelled() == round + 1);
  }
  CHECK(w.consume_all().count == max_waiting_requests);
}

TEST_CASE("threads: callers at the bound are refused by the close") {
  for (size_t round = 0; round < 10; ++round) {
    threads_world w;
    w.fill();
    callers waiting{3, [&](size_t i) {
                      return w.monitor(2, max_waiting_requests + i);
                    }};
    w.queue.close();
    waiting.all_return(errc::shutdown, w.queue);
    auto rest = w.consume_all();
    CHECK(rest.count == max_waiting_requests);
    CHECK(rest.all[2].empty());
  }
}

TEST_CASE("threads: what a queue accepts before its close is consumed, and "
          "nothing else") {
  for (size_t round = 0; round < 20; ++round) {
    threads_world w;
    consumer plane{w.queue};
    std::array<size_t, 3> accepted{};
    std::vector<std::thread> threads;
    for (uint32_t i = 0; i < accepted.size(); ++i)
      threads.emplace_back([&, i] {
        uint64_t number = uint64_t{i} << 32;
        while (w.monitor(1 + i, number++) == errc::none)
          ++accepted[i];
        CHECK(w.demonitor(1 + i, number) == errc::shutdown);
        CHECK(w.exit(1 + i) == errc::shutdown);
      });
    CHECK(plane.await([](size_t x) { return x > 1'000; }));
    w.queue.close();
    for (auto& thread : threads)
      thread.join();
    auto all = accepted[0] + accepted[1] + accepted[2];
    REQUIRE(plane.await([&](size_t x) { return x >= all; }));
    for (uint32_t i = 0; i < accepted.size(); ++i)
      CHECK(plane.notes.all[1 + i].size() == accepted[i]);
  }
}
