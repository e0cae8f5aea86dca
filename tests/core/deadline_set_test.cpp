// Who waits for a time, the first to be due in front.

#include "src/link/deadline_set.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

using namespace vigil;

namespace {

struct sleeper : deadline_entry {};

time_point at(int64_t n) {
  return time_point{timespan{n}};
}

} // namespace

TEST_CASE("deadline set: the first to be due is in front, whoever moves") {
  sleeper a;
  sleeper b;
  sleeper c;
  deadline_set<sleeper> set;
  CHECK(set.first() == nullptr);
  set.set(a, at(3));
  set.set(b, at(2));
  set.set(c, at(4));
  CHECK(set.first() == &b);
  set.set(b, at(9));
  CHECK(set.first() == &a);
  CHECK(a.due() == at(3));
  set.set(c, at(1));
  CHECK(set.first() == &c);
  set.set(c, std::nullopt);
  CHECK_FALSE(set.contains(c));
  set.remove(c);
  set.remove(a);
  CHECK(set.first() == &b);
  set.remove(b);
  CHECK(set.first() == nullptr);
}

TEST_CASE("deadline set: it agrees with a search through all") {
  std::mt19937 random{1};
  std::vector<sleeper> all(50);
  deadline_set<sleeper> set;
  for (auto round = 0; round < 20'000; ++round) {
    auto& x = all[random() % all.size()];
    if (random() % 4 == 0)
      set.remove(x);
    else
      set.set(x, at(static_cast<int64_t>(random() % 1000)));
    const sleeper* first = nullptr;
    for (const auto& y : all)
      if (set.contains(y) && (first == nullptr || y.due() < first->due()))
        first = &y;
    REQUIRE((set.first() == nullptr) == (first == nullptr));
    if (first != nullptr)
      REQUIRE(set.first()->due() == first->due());
  }
}
