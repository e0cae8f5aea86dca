// An index of runs beside a map that is known to be right.

#include "src/table/run_index.hpp"
#include "src/table/slab.hpp"

#include "tests/core/transcript.hpp"

#include <map>
#include <random>
#include <utility>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A number in a group of numbers.
using number = std::pair<uint64_t, uint32_t>;

/// Plain, as what a slab holds must be.
struct record {
  uint64_t value;
  uint32_t group;
};

using record_store = slab<record, 64>;

/// Keys that count how often they are looked at in the store.
struct counted_key {
  static number of(const record_store& records, slot x) {
    ++looks;
    return {records[x].value, records[x].group};
  }

  static run_position position(const number& x) noexcept {
    return {x.first, x.second};
  }

  inline static size_t looks = 0;
};

struct indexed {
  slot add(const number& key) {
    auto x = records.insert();
    records[x] = {key.first, key.second};
    auto known = index.insert(x);
    if (known != x)
      records.erase(x);
    return known;
  }

  bool remove(const number& key) {
    auto where = index.locate(key);
    if (where == index.nowhere())
      return false;
    auto x = *where;
    index.erase(where);
    records.erase(x);
    return true;
  }

  record_store records;
  run_index<record_store, counted_key> index{records};
};

} // namespace

TEST_CASE("run index: an element is found by its key, whether it is alone in "
          "its run, has company, or is alone again") {
  indexed x;
  auto first = x.add({33, 1});
  CHECK(x.index.find({33, 1}) == first);
  CHECK(x.index.find({34, 1}) == no_slot);
  CHECK(x.index.find({33, 2}) == no_slot);
  CHECK(x.add({33, 1}) == first);
  auto second = x.add({47, 1});
  auto elsewhere = x.add({48, 1});
  CHECK(x.index.find({33, 1}) == first);
  CHECK(x.index.find({47, 1}) == second);
  CHECK(x.index.find({48, 1}) == elsewhere);
  CHECK(x.add({47, 1}) == second);
  CHECK(x.index.size() == 3);
  CHECK(x.remove({33, 1}));
  CHECK_FALSE(x.remove({33, 1}));
  CHECK(x.index.find({33, 1}) == no_slot);
  CHECK(x.index.find({47, 1}) == second);
  CHECK(x.remove({47, 1}));
  CHECK(x.remove({48, 1}));
  CHECK(x.index.size() == 0);
}

TEST_CASE("run index: a replaced element keeps its place, alone and with "
          "company") {
  for (auto company : {false, true}) {
    indexed x;
    auto old = x.add({5, 0});
    if (company)
      x.add({6, 0});
    auto next = x.records.insert();
    x.records[next] = {5, 0};
    x.index.replace(old, next);
    CHECK(x.index.find({5, 0}) == next);
    CHECK(x.index.size() == (company ? 2 : 1));
    x.index.replace(next, no_slot);
    CHECK(x.index.find({5, 0}) == no_slot);
    CHECK(x.index.size() == (company ? 1 : 0));
  }
}

TEST_CASE("run index: in a run no element is looked at, once it is known") {
  indexed x;
  for (uint64_t i = 0; i < 1'600; ++i)
    x.add({i, 0});
  counted_key::looks = 0;
  size_t found = 0;
  for (uint64_t i = 0; i < 1'600; ++i)
    found += x.index.find({i, 0}) != no_slot ? 1 : 0;
  CHECK(found == 1'600);
  CHECK(counted_key::looks == 0);
}

TEST_CASE("run index: what leaves in a row is gone at once, and what comes in "
          "its place is found") {
  indexed x;
  std::vector<slot> places;
  for (uint64_t i = 0; i < 40; ++i)
    places.push_back(x.add({i, 0}));
  {
    decltype(x.index)::eraser leaving{x.index};
    // All of the first run, one of the second, one of the third.
    for (uint64_t i = 0; i < 16; ++i) {
      leaving.erase(x.index.locate({i, 0}));
      CHECK(x.index.find({i, 0}) == no_slot);
    }
    CHECK(x.index.size() == 24);
    // While its run is empty, but not gone yet.
    CHECK(x.index.insert(places[3]) == places[3]);
    CHECK(x.index.find({3, 0}) == places[3]);
    leaving.erase(x.index.locate({20, 0}));
    leaving.erase(x.index.locate({33, 0}));
  }
  CHECK(x.index.size() == 23);
  for (uint64_t i = 0; i < 40; ++i) {
    auto gone = (i < 16 && i != 3) || i == 20 || i == 33;
    CHECK(x.index.find({i, 0}) == (gone ? no_slot : places[i]));
  }
}

TEST_CASE("run index: what leaves in a row leaves no block for one that stays "
          "or comes alone") {
  for (auto stay : {uint64_t{0}, uint64_t{1}}) {
    indexed x;
    for (uint64_t i = 0; i < 16; ++i)
      x.add({i, 0});
    {
      decltype(x.index)::eraser leaving{x.index};
      for (uint64_t i = stay; i < 16; ++i)
        leaving.erase(x.index.locate({i, 0}));
    }
    if (stay == 0)
      x.add({0, 0});
    CHECK(x.index.size() == 1);
    // One that stands for its run itself has to be looked at.
    counted_key::looks = 0;
    CHECK(x.index.find({0, 0}) != no_slot);
    CHECK(counted_key::looks > 0);
  }
}

TEST_CASE("run index: is what a map is, in any order of what happens") {
  std::minstd_rand random{7};
  indexed x;
  std::map<number, slot> expected;
  auto grows = true;
  for (auto i = 0; i < 200'000; ++i) {
    // Few numbers, so that runs fill and empty.
    number key{random() % 300, random() % 3};
    if (i % 20'000 == 0)
      grows = !grows;
    if (random() % 3 != 0 ? grows : !grows) {
      auto known = x.add(key);
      REQUIRE(expected.emplace(key, known).first->second == known);
    } else if (random() % 8 != 0) {
      REQUIRE(x.remove(key) == (expected.erase(key) > 0));
    } else {
      // Several in a row, of one run or the next.
      decltype(x.index)::eraser leaving{x.index};
      for (auto j = random() % 20; j > 0; --j, ++key.first) {
        auto where = x.index.locate(key);
        REQUIRE((where != x.index.nowhere()) == (expected.count(key) > 0));
        if (where == x.index.nowhere())
          continue;
        leaving.erase(where);
        expected.erase(key);
      }
    }
    REQUIRE(x.index.size() == expected.size());
    auto wanted = expected.find(key);
    REQUIRE(x.index.find(key)
            == (wanted != expected.end() ? wanted->second : no_slot));
  }
  for (const auto& [key, where] : expected)
    CHECK(x.index.find(key) == where);
}
