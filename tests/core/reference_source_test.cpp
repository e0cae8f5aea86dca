#include "src/front/pid_source.hpp"
#include "src/front/reference_source.hpp"
#include "tests/core/transcript.hpp"

#include <algorithm>
#include <future>
#include <thread>

using namespace vigil;
using namespace vigil::test;

namespace {

constexpr size_t num_threads = 4;
constexpr size_t per_thread = 20'000;

/// Calls `f(thread number)` on several threads that start together.
template <class F>
void on_threads(F f) {
  std::promise<void> start;
  auto go = start.get_future().share();
  std::vector<std::thread> threads;
  for (size_t i = 0; i < num_threads; ++i)
    threads.emplace_back([f, go, i] {
      go.wait();
      f(i);
    });
  start.set_value();
  for (auto& x : threads)
    x.join();
}

} // namespace

TEST_CASE("reference source: the first is 2^56, and each is one more") {
  reference_source source;
  CHECK(*source.next() == first_reference);
  CHECK(to_integer(first_reference) == uint64_t{1} << 56);
  CHECK(*source.next() == ref(1));
  CHECK(*source.next() == ref(2));
}

TEST_CASE("reference source: the last is 2^60 - 1, after it none ever again") {
  CHECK(to_integer(last_reference) == (uint64_t{1} << 60) - 1);
  reference_source source{last_reference};
  CHECK(*source.next() == last_reference);
  for (auto i = 0; i < 1'000; ++i) {
    auto x = source.next();
    REQUIRE(!x);
    CHECK(x.failure().code == errc::reference_exhausted);
  }
}

TEST_CASE("threads: no reference is handed out twice") {
  // Threads that are started together do not always run together.
  for (auto round = 0; round < 20; ++round) {
    reference_source source;
    std::vector<std::vector<reference>> taken(num_threads);
    on_threads([&](size_t i) {
      for (size_t n = 0; n < per_thread; ++n)
        taken[i].push_back(*source.next());
    });
    std::vector<reference> all;
    for (const auto& xs : taken) {
      CHECK(std::is_sorted(xs.begin(), xs.end()));
      all.insert(all.end(), xs.begin(), xs.end());
    }
    std::sort(all.begin(), all.end());
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
    CHECK(all.front() == first_reference);
    CHECK(all.back() == ref(num_threads * per_thread - 1));
  }
}

TEST_CASE("threads: the end of the references is the same for all") {
  constexpr uint64_t left = 100;
  reference_source source{reference{to_integer(last_reference) - left + 1}};
  std::vector<size_t> granted(num_threads);
  on_threads([&](size_t i) {
    for (size_t n = 0; n < per_thread; ++n)
      granted[i] += source.next() ? 1 : 0;
  });
  CHECK(granted[0] + granted[1] + granted[2] + granted[3] == left);
}

TEST_CASE("pid source: numbers run into serials, and 0.0 is skipped") {
  pid_source source{node_a, creation{7}, UINT32_MAX};
  auto x = source.next();
  CHECK(x == pid{node_a, creation{7}, UINT32_MAX, 0});
  CHECK(source.next() == pid{node_a, creation{7}, 0, 1});
  CHECK(source.next() == pid{node_a, creation{7}, 1, 1});
  pid_source zero{node_a, creation{7}, 0};
  CHECK(zero.next() == pid{node_a, creation{7}, 1, 0});
}

TEST_CASE("threads: no pid is handed out twice") {
  pid_source source{node_a, creation{7}, UINT32_MAX - 100};
  std::vector<std::vector<uint64_t>> taken(num_threads);
  on_threads([&](size_t i) {
    for (size_t n = 0; n < per_thread; ++n)
      taken[i].push_back(local_number(source.next()));
  });
  std::vector<uint64_t> all;
  for (const auto& xs : taken)
    all.insert(all.end(), xs.begin(), xs.end());
  std::sort(all.begin(), all.end());
  CHECK(all.size() == num_threads * per_thread);
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}
