#include "src/front/gate.hpp"

#include "src/front/link_board.hpp"
#include "tests/core/transcript.hpp"

#include <array>
#include <atomic>
#include <future>
#include <thread>

using namespace vigil;
using namespace vigil::test;

using closing = gate::closing;

namespace {

const auto watcher = proc(node_a, 1);
const auto other = proc(node_a, 2);

} // namespace

TEST_CASE(
  "gate: a demonitor wins an open reference, once, and no DOWN passes") {
  gate x;
  x.open(ref(1), watcher);
  CHECK(x.close(ref(1), watcher) == closing::won);
  CHECK(x.close(ref(1), watcher) == closing::lost);
  CHECK(!x.claim(ref(1)));
  CHECK(x.size() == 0);
}

TEST_CASE("gate: a delivered DOWN leaves nothing for demonitor") {
  gate x;
  x.open(ref(1), watcher);
  CHECK(x.claim(ref(1)));
  CHECK(x.size() == 1);
  x.delivered(ref(1));
  CHECK(x.close(ref(1), watcher) == closing::lost);
  CHECK(x.size() == 0);
}

TEST_CASE("gate: neighbours are independent of each other") {
  gate x;
  for (uint64_t number = 0; number < 200; ++number)
    x.open(ref(number), watcher);
  CHECK(x.size() == 200);
  for (uint64_t number = 0; number < 200; number += 3)
    CHECK(x.claim(ref(number)));
  for (uint64_t number = 1; number < 200; number += 3)
    CHECK(x.close(ref(number), watcher) == closing::won);
  for (uint64_t number = 0; number < 200; ++number)
    CHECK(x.claim(ref(number)) == (number % 3 == 2));
  for (uint64_t number = 2; number < 200; number += 3)
    x.forget(ref(number)); // Too late: it is being delivered.
  CHECK(x.size() == 133);
  for (uint64_t number = 0; number < 200; ++number)
    x.delivered(ref(number));
  CHECK(x.size() == 0);
}

TEST_CASE("gate: all DOWNs of one delivery are settled at once, and no other") {
  gate x;
  std::vector<reference> delivered;
  for (uint64_t number = 0; number < 3000; ++number) {
    x.open(ref(number), watcher);
    if (number % 2 == 0) {
      CHECK(x.claim(ref(number)));
      delivered.push_back(ref(number));
    }
  }
  x.delivered(delivered);
  CHECK(x.size() == 1500);
  for (uint64_t number = 0; number < 3000; ++number)
    CHECK((x.close(ref(number), watcher) == closing::won) == (number % 2 == 1));
}

TEST_CASE("gate: of one delivery those DOWNs pass that would pass alone") {
  gate x;
  std::vector<reference> refs;
  for (uint64_t number = 0; number < 3000; ++number) {
    refs.push_back(ref(number));
    if (number % 5 != 0)
      x.open(ref(number), watcher);
  }
  for (uint64_t number = 1; number < 3000; number += 5) {
    CHECK(x.close(ref(number), watcher) == closing::won);
    CHECK(x.claim(ref(number + 1)));
  }
  // Twice in one delivery: the first one passes.
  refs.push_back(ref(3));
  std::vector<bool> passed{true};
  x.claim(refs, passed);
  REQUIRE(passed.size() == refs.size());
  for (size_t number = 0; number < 3000; ++number)
    CHECK(passed[number] == (number % 5 >= 3));
  CHECK(!passed.back());
  CHECK(x.close(ref(3), watcher, false) == closing::lost);
  x.delivered(refs);
  CHECK(x.size() == 0);
  x.claim({}, passed);
  CHECK(passed.empty());
}

TEST_CASE("gate: a reference that was never admitted is neither's") {
  gate x;
  CHECK(!x.claim(ref(1)));
  CHECK(x.close(ref(1), watcher) == closing::lost);
  x.forget(ref(1));
  CHECK(x.size() == 0);
}

TEST_CASE(
  "gate: only the watcher may demonitor, also while a DOWN is delivered") {
  gate x;
  x.open(ref(1), watcher);
  CHECK(x.close(ref(1), other) == closing::lost);
  pid same_number{node_a, first_life, 1, 1};
  CHECK(x.close(ref(1), same_number) == closing::lost);
  CHECK(x.size() == 1);
  CHECK(x.claim(ref(1)));
  // Must not wait: it is none of its business.
  CHECK(x.close(ref(1), other) == closing::lost);
  x.delivered(ref(1));
}

TEST_CASE("gate: a second claim during a delivery fails") {
  gate x;
  x.open(ref(1), watcher);
  CHECK(x.claim(ref(1)));
  CHECK(!x.claim(ref(1)));
  x.delivered(ref(1));
  CHECK(!x.claim(ref(1)));
}

TEST_CASE("gate: within a delivery a close that may not wait returns at once") {
  gate x;
  x.open(ref(1), watcher);
  CHECK(x.claim(ref(1)));
  CHECK(x.close(ref(1), watcher, false) == closing::lost);
  // The delivery is still under way.
  CHECK(x.size() == 1);
  x.delivered(ref(1));
  CHECK(x.size() == 0);
}

TEST_CASE("gate: forget ends an open reference, but not a delivery") {
  gate x;
  x.open(ref(1), watcher);
  x.forget(ref(1));
  CHECK(x.size() == 0);
  CHECK(x.close(ref(1), watcher) == closing::lost);
  x.open(ref(2), watcher);
  CHECK(x.claim(ref(2)));
  x.forget(ref(2));
  CHECK(x.size() == 1);
  x.delivered(ref(2));
  CHECK(x.size() == 0);
}

TEST_CASE("gate: references that share a shard do not disturb each other") {
  gate x;
  for (uint64_t i = 0; i < 100; ++i)
    x.open(ref(16 * i), watcher);
  CHECK(x.size() == 100);
  CHECK(x.claim(ref(0)));
  CHECK(x.close(ref(16), watcher) == closing::won);
  x.delivered(ref(0));
  CHECK(x.size() == 98);
}

TEST_CASE(
  "threads: for each reference exactly one of DOWN and demonitor wins") {
  constexpr uint64_t count = 20'000;
  gate x;
  for (uint64_t i = 0; i < count; ++i)
    x.open(ref(i), watcher);
  std::vector<std::array<std::atomic<uint8_t>, 3>> wins(count);
  std::promise<void> start;
  auto go = start.get_future().share();
  auto closer = [&](size_t slot) {
    go.wait();
    for (size_t i = 0; i < count; ++i)
      wins[i][slot] = x.close(ref(i), watcher) == closing::won ? 1 : 0;
  };
  std::thread first{closer, 0};
  std::thread second{closer, 1};
  std::thread deliverer{[&] {
    go.wait();
    for (size_t i = count; i-- > 0;)
      if (x.claim(ref(i))) {
        wins[i][2] = 1;
        x.delivered(ref(i));
      }
  }};
  start.set_value();
  first.join();
  second.join();
  deliverer.join();
  size_t wrong = 0;
  for (const auto& win : wins)
    if (win[0] + win[1] + win[2] != 1)
      ++wrong;
  CHECK(wrong == 0);
  CHECK(x.size() == 0);
}

TEST_CASE("threads: a lost close returns only after the delivery has settled") {
  gate x;
  for (uint64_t i = 0; i < 200; ++i) {
    x.open(ref(i), watcher);
    REQUIRE(x.claim(ref(i)));
    std::atomic<bool> delivered{false};
    std::promise<void> asked;
    std::thread closer{[&] {
      asked.set_value();
      CHECK(x.close(ref(i), watcher) == closing::lost);
      CHECK(delivered.load());
    }};
    asked.get_future().wait();
    // Others pass meanwhile, in the same shard too.
    x.open(ref(i + 1600), watcher);
    CHECK(x.close(ref(i + 1600), watcher) == closing::won);
    delivered = true;
    x.delivered(ref(i));
    closer.join();
  }
  CHECK(x.size() == 0);
}

TEST_CASE("threads: all that wait for one delivery are woken") {
  gate x;
  for (uint64_t round = 0; round < 200; ++round) {
    // All of one shard.
    auto awaited = ref(32 * round);
    auto neighbour = ref(32 * round + 16);
    x.open(awaited, watcher);
    x.open(neighbour, watcher);
    REQUIRE(x.claim(awaited));
    REQUIRE(x.claim(neighbour));
    std::atomic<size_t> asked{0};
    std::atomic<bool> delivered{false};
    std::atomic<size_t> early{0};
    std::vector<std::thread> closers;
    closers.reserve(3);
    for (auto i = 0; i < 3; ++i)
      closers.emplace_back([&] {
        ++asked;
        if (x.close(awaited, watcher) != closing::lost || !delivered)
          ++early;
      });
    while (asked < closers.size())
      std::this_thread::yield();
    // Another delivery of the shard wakes them for nothing.
    x.delivered(neighbour);
    delivered = true;
    x.delivered(awaited);
    for (auto& closer : closers)
      closer.join();
    CHECK(early == 0);
  }
  CHECK(x.size() == 0);
}

TEST_CASE("threads: a close that may not wait does not, on any thread") {
  gate x;
  x.open(ref(1), watcher);
  REQUIRE(x.claim(ref(1)));
  // Would never return if it waited: the delivery settles after it.
  auto closer = std::async(std::launch::async,
                           [&] { return x.close(ref(1), watcher, false); });
  CHECK(closer.get() == closing::lost);
  x.delivered(ref(1));
}

TEST_CASE("link board: full means nothing for a node that is not up") {
  link_board board;
  CHECK(!board.is_up(node_b));
  CHECK(!board.is_full(node_b));
  board.set_full(node_b, true);
  CHECK(!board.is_full(node_b));
  CHECK(!board.is_up(node_b));
  board.up(node_b);
  CHECK(board.is_up(node_b));
  CHECK(!board.is_full(node_b));
  board.set_full(node_b, true);
  CHECK(board.is_full(node_b));
  CHECK(!board.is_full(node_c));
  // Nothing waits for a node that is down, nor for its next session.
  board.down(node_b);
  CHECK(!board.is_up(node_b));
  CHECK(!board.is_full(node_b));
  board.up(node_b);
  CHECK(!board.is_full(node_b));
}

TEST_CASE("threads: a link board is read while it is written") {
  link_board board;
  board.up(node_c);
  std::atomic<size_t> wrong{0};
  std::vector<std::thread> readers;
  readers.reserve(3);
  // Readers that never stop could keep the writer out for ever.
  for (auto i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      for (auto n = 0; n < 5'000; ++n) {
        board.is_up(node_b);
        board.is_full(node_b);
        if (!board.is_up(node_c) || board.is_full(node_c))
          ++wrong;
      }
    });
  for (auto i = 0; i < 1'000; ++i) {
    board.up(node_b);
    board.set_full(node_b, i % 2 == 0);
    board.down(node_b);
  }
  for (auto& reader : readers)
    reader.join();
  CHECK(wrong == 0);
  CHECK(!board.is_up(node_b));
}
