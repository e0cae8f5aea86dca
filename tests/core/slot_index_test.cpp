#include "src/table/clustered_hash.hpp"
#include "src/table/slab.hpp"
#include "src/table/slot_index.hpp"
#include "src/table/wide_hash.hpp"

#include "tests/core/transcript.hpp"

#include <algorithm>
#include <random>
#include <set>

using namespace vigil;
using namespace vigil::test;

namespace {

using number_store = slab<uint64_t, 1024>;

/// Keys that count how often they are looked at in the store.
struct counted_key {
  static uint64_t of(const number_store& numbers, slot x) {
    ++looks;
    return numbers[x];
  }

  static uint64_t hash(uint64_t x) {
    return clustered_hash(x);
  }

  inline static size_t looks = 0;
};

using number_index = slot_index<number_store, counted_key>;

/// How many looks it takes to find each of the numbers once.
size_t looks_to_find(const std::vector<uint64_t>& xs) {
  number_store numbers;
  number_index index{numbers};
  for (auto x : xs) {
    auto place = numbers.insert();
    numbers[place] = x;
    index.insert(place);
  }
  REQUIRE(index.size() == xs.size());
  counted_key::looks = 0;
  size_t found = 0;
  for (auto x : xs)
    if (index.find(x) != no_slot)
      ++found;
  CHECK(found == xs.size());
  return counted_key::looks;
}

} // namespace

TEST_CASE("slot index: an element is found by its key until it is taken out") {
  number_store numbers;
  number_index index{numbers};
  for (uint64_t i = 0; i < 1'000; ++i) {
    auto place = numbers.insert();
    numbers[place] = i;
    CHECK(index.insert(place) == place);
  }
  auto twin = numbers.insert();
  numbers[twin] = 17;
  auto known = index.insert(twin);
  CHECK(numbers[known] == 17);
  CHECK(known != twin);
  index.replace(known, twin);
  CHECK(index.find(17) == twin);
  auto where = index.locate(18);
  REQUIRE(where != index.nowhere());
  CHECK(numbers[*where] == 18);
  CHECK(index.locate(*where) == where);
  index.erase(where);
  CHECK(index.find(18) == no_slot);
  CHECK(index.locate(18) == index.nowhere());
  index.replace(twin, no_slot);
  CHECK(index.find(17) == no_slot);
  CHECK(index.size() == 998);
}

TEST_CASE(
  "slot index: one that becomes large finds every element at any time") {
  // More than fit into one container, so that they are moved meanwhile.
  constexpr size_t count = 300'000;
  number_store numbers;
  number_index index{numbers};
  std::vector<slot> places(count);
  std::set<size_t> gone;
  std::mt19937_64 random{7};
  auto pick = [&](size_t n) { return static_cast<size_t>(random() % n); };
  auto check = [&](size_t i) {
    auto found = index.find(i);
    if (found != (gone.count(i) > 0 ? no_slot : places[i])
        || (index.locate(i) == index.nowhere()) != (found == no_slot))
      FAIL("element " << i);
  };
  for (size_t i = 0; i < count; ++i) {
    places[i] = numbers.insert();
    numbers[places[i]] = i;
    if (index.insert(places[i]) != places[i])
      FAIL("element " << i);
    if (i % 4 != 0)
      continue;
    check(pick(i + 1));
    // One that was there before wins, wherever it is.
    auto known = pick(i + 1);
    auto twin = numbers.insert();
    numbers[twin] = known;
    if (gone.count(known) == 0) {
      if (index.insert(twin) != places[known])
        FAIL("twin of " << known);
      index.replace(places[known], twin);
      places[known] = twin;
    }
    auto victim = pick(i + 1);
    if (auto where = index.locate(victim); where != index.nowhere()) {
      index.erase(where);
      gone.insert(victim);
    }
  }
  for (size_t i = 0; i < count; ++i)
    check(i);
  size_t seen = 0;
  index.for_each([&](slot) { ++seen; });
  CHECK(seen == count - gone.size());
  CHECK(index.size() == seen);
  // To its end, and up again.
  for (size_t i = 0; i < count; ++i)
    if (gone.count(i) == 0)
      index.erase(index.locate(i));
  CHECK(index.size() == 0);
  CHECK(index.insert(places[0]) == places[0]);
  CHECK(index.find(0) == places[0]);
}

TEST_CASE("slot index: to become larger touches few elements at a time") {
  constexpr uint64_t count = 1'000'000;
  number_store numbers;
  number_index index{numbers};
  size_t most = 0;
  for (uint64_t i = 0; i < count; ++i) {
    auto place = numbers.insert();
    numbers[place] = i;
    auto before = counted_key::looks;
    index.insert(place);
    most = std::max(most, counted_key::looks - before);
  }
  // The last time that one container grows; of many each is small.
  CHECK(most > 100'000);
  CHECK(most < 130'000);
  auto large = most;
  most = 0;
  for (uint64_t i = count; i < 2 * count; ++i) {
    auto place = numbers.insert();
    numbers[place] = i;
    auto before = counted_key::looks;
    index.insert(place);
    most = std::max(most, counted_key::looks - before);
  }
  CHECK(most < large / 10);
}

TEST_CASE("slot index: numbers in a row have places in a row, and differ in "
          "their tags") {
  std::set<uint64_t> tags;
  auto first = clustered_hash(1'600);
  for (uint64_t i = 0; i < 16; ++i) {
    auto hash = clustered_hash(1'600 + i);
    CHECK((hash >> 7) == (first >> 7) + i);
    tags.insert(hash & 0x7F);
  }
  CHECK(tags.size() == 16);
  CHECK((clustered_hash(1'616) >> 7) != (first >> 7) + 16);
}

TEST_CASE("slot index: a hash has 64 bits, all of them in use") {
  uint64_t ever = 0;
  auto always = ~uint64_t{0};
  for (uint64_t i = 0; i < 1'000; ++i) {
    auto hash = wide_hash(i);
    ever |= hash;
    always &= hash;
  }
  CHECK(ever == ~uint64_t{0});
  CHECK(always == 0);
}

TEST_CASE("slot index: groups do not meet in one place") {
  std::set<uint64_t> places;
  for (uint64_t group = 0; group < 1'000; ++group)
    places.insert(clustered_hash(1, group) >> 7);
  CHECK(places.size() == 1'000);
}

TEST_CASE("slot index: nobody can choose numbers that are slow to find") {
  constexpr size_t count = 100'000;
  std::vector<uint64_t> xs(count);
  for (auto step : {0, 1, 4, 7, 16, 40}) {
    CAPTURE(step);
    for (size_t i = 0; i < count; ++i)
      xs[i] = (uint64_t{1} << 56) + (uint64_t{i} << step);
    // One for the element itself, and few for others with its tag.
    CHECK(looks_to_find(xs) < 2 * count);
  }
  std::mt19937_64 random{1};
  for (auto& x : xs)
    x = random();
  CHECK(looks_to_find(xs) < 2 * count);
}

TEST_CASE("slot index: nobody can choose numbers that meet whatever the seed") {
  // Where a hash has 32 bits, Abseil multiplies by this number and returns the
  // exclusive or of the product's halves. What changes both of them alike often
  // changes nothing of that.
  constexpr uint64_t factor = 0xCC9E2D51;
  uint64_t inverse = factor;
  while (inverse * factor != 1)
    inverse *= 2 - inverse * factor;
  std::vector<uint64_t> xs;
  for (uint64_t i = 0; xs.size() < 50'000; ++i) {
    auto run = (i << 32 | i) * inverse;
    if (run < uint64_t{1} << 60)
      xs.push_back(16 * run);
  }
  CHECK(looks_to_find(xs) < 2 * xs.size());
}
