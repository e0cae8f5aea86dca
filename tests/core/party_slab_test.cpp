#include "src/table/party_slab.hpp"

#include "tests/core/transcript.hpp"

#include <algorithm>

using namespace vigil;
using namespace vigil::test;

namespace {

using numbers = std::vector<uint64_t>;

constexpr auto no_limit = static_cast<size_t>(-1);

constexpr auto any = [](uint64_t) { return true; };

const party_id life_1{node_b, creation{1}};
const party_id life_2{node_b, creation{2}};
const party_id other{node_c, creation{1}};

/// Records that are plain numbers.
class numbered {
public:
  /// Returns where the first one is.
  slot put(const party_id& party, uint64_t first, uint64_t last) {
    auto result = records.insert(party, first);
    for (auto i = first + 1; i <= last; ++i)
      records.insert(party, i);
    return result;
  }

  numbers of(node_name node) const {
    numbers result;
    records.for_each(node, [&](slot x) { result.push_back(records[x]); });
    return result;
  }

  /// Goes on with the last sweep by one portion.
  template <class Wanted>
  numbers go_on(node_name node, size_t limit, Wanted wanted) {
    numbers result;
    auto portion = records.sweep(
      node, last_sweep, limit,
      [&](uint64_t x) {
        ++looks;
        return wanted(x);
      },
      [&](slot x) {
        result.push_back(records[x]);
        records.erase(x);
      });
    CHECK(portion.taken == result.size());
    done = portion.done;
    return result;
  }

  /// The same for a sweep that begins.
  template <class Wanted>
  numbers take(node_name node, size_t limit, Wanted wanted) {
    last_sweep = sweep_number{static_cast<uint32_t>(last_sweep) + 1};
    return go_on(node, limit, wanted);
  }

  party_slab<uint64_t> records;
  sweep_number last_sweep{};
  /// Whether the last sweep has looked at everything.
  bool done = false;
  /// How many records a `take` has looked at.
  size_t looks = 0;
};

numbers from_to(uint64_t first, uint64_t last) {
  numbers result;
  for (auto i = first; i <= last; ++i)
    result.push_back(i);
  return result;
}

} // namespace

TEST_CASE("party slab: a record knows its party by where it is") {
  numbered x;
  auto one = x.put(life_1, 1, 1);
  auto two = x.put(life_2, 2, 2);
  auto three = x.put(other, 3, 3);
  auto four = x.put(life_1, 4, 4);
  CHECK(x.records.party_of(one) == life_1);
  CHECK(x.records.party_of(two) == life_2);
  CHECK(x.records.party_of(three) == other);
  CHECK(x.records.party_of(four) == life_1);
  CHECK(x.records.find(life_1) == x.records.party_number(four));
  CHECK(x.records.find({node_c, creation{2}}) == no_slot);
  CHECK(x.records.size(node_b) == 3);
  CHECK(x.records.size(node_c) == 1);
  CHECK(x.records.size(node_d) == 0);
  CHECK(x.of(node_b) == numbers{1, 4, 2});
}

TEST_CASE("party slab: what was put in a row is found in that row, page after "
          "page") {
  numbered x;
  for (uint64_t i = 1; i <= 1'000; ++i) {
    x.records.insert(life_1, i);
    x.records.insert(other, 5'000 + i);
  }
  CHECK(x.of(node_b) == from_to(1, 1'000));
  CHECK(x.take(node_b, 300, any) == from_to(1, 300));
  CHECK(x.take(node_b, 300, any) == from_to(301, 600));
  CHECK(x.take(node_b, no_limit, any) == from_to(601, 1'000));
  CHECK(x.of(node_c) == from_to(5'001, 6'000));
}

TEST_CASE("party slab: the place of an erased record is taken first") {
  numbered x;
  auto first = x.put(life_1, 1, 200);
  x.put(other, 1'000, 1'000);
  x.records.erase(first);
  CHECK(x.records.insert(life_1, 201) == first);
  CHECK(x.records.insert(other, 1'001) != first);
  CHECK(x.records.size() == 202);
}

TEST_CASE("party slab: of a sweep nothing is lost, whatever remains") {
  numbered x;
  x.put(life_1, 1, 500);
  x.put(life_2, 501, 1'000);
  auto third = [](uint64_t i) { return i % 3 == 0; };
  auto taken = x.take(node_b, 10, third);
  while (!x.done) {
    auto portion = x.go_on(node_b, 10, third);
    taken.insert(taken.end(), portion.begin(), portion.end());
  }
  CHECK(taken.size() == 333);
  CHECK(std::all_of(taken.begin(), taken.end(), third));
  auto rest = x.take(node_b, no_limit, any);
  CHECK(rest.size() == 667);
  CHECK(std::none_of(rest.begin(), rest.end(), third));
  CHECK(x.records.size() == 0);
}

TEST_CASE("party slab: what is erased in a row can be read until the row is "
          "over, and a page of it is gone at once") {
  numbered x;
  auto first = x.put(life_1, 1, 200);
  auto other_place = x.put(other, 1'000, 1'000);
  auto at = [&](uint32_t i) { return slot{static_cast<uint32_t>(first) + i}; };
  {
    party_slab<uint64_t>::eraser leaving{x.records};
    // All of the first page, then two of the second, another party's, and back.
    for (uint32_t i = 0; i < 64; ++i)
      leaving.erase(at(i));
    CHECK(x.records[first] == 1);
    CHECK(x.records.size() == 201);
    leaving.erase(at(64));
    CHECK(x.records.size() == 201 - 64);
    leaving.erase(at(66));
    leaving.erase(other_place);
    CHECK(x.records.size(node_b) == 200 - 66);
    CHECK(x.records.size(node_c) == 1);
    leaving.erase(at(65));
    CHECK(x.records.size(node_c) == 0);
  }
  CHECK(x.records.size() == 200 - 67);
  CHECK(x.of(node_b) == from_to(68, 200));
  // The places are free again, those of the page that has others first.
  CHECK(x.records.insert(life_1, 7) == at(64));
  CHECK(x.records.insert(other, 1'001) != at(65));
}

TEST_CASE("party slab: a sweep that erases in rows loses nothing either, and "
          "leaves no page behind") {
  for (auto limit : {size_t{1}, size_t{63}, size_t{64}, size_t{65}, no_limit}) {
    numbered x;
    x.put(life_1, 1, 500);
    x.put(other, 5'000, 5'100);
    x.put(life_2, 501, 1'000);
    auto third = [](uint64_t i) { return i % 3 == 0; };
    numbers taken;
    for (auto wanted : {+third, +[](uint64_t) { return true; }}) {
      x.last_sweep = sweep_number{static_cast<uint32_t>(x.last_sweep) + 1};
      sweep_portion portion;
      while (!portion.done) {
        party_slab<uint64_t>::eraser leaving{x.records};
        portion = x.records.sweep(node_b, x.last_sweep, limit, wanted,
                                  [&](slot place) {
                                    taken.push_back(x.records[place]);
                                    leaving.erase(place);
                                  });
        REQUIRE(portion.taken <= limit);
      }
    }
    CHECK(taken.size() == 1'000);
    std::sort(taken.begin(), taken.end());
    CHECK(taken == from_to(1, 1'000));
    CHECK(x.records.size() == 101);
    CHECK(x.of(node_b).empty());
    CHECK(x.of(node_c) == from_to(5'000, 5'100));
  }
}

TEST_CASE("party slab: no portion looks at more than it may, nor twice at "
          "what remains") {
  // Of two parties; of each, what is wanted lies behind what is not.
  constexpr uint64_t many = 20'000;
  numbered x;
  x.put(life_1, many, 2 * many - 1);
  x.put(life_1, 0, many - 1);
  x.put(life_2, many, 2 * many - 1);
  x.put(life_2, 0, many - 1);
  auto wanted = [](uint64_t i) { return i < many; };
  auto taken = x.take(node_b, 100, wanted).size();
  while (!x.done) {
    auto before = x.looks;
    taken += x.go_on(node_b, 100, wanted).size();
    REQUIRE(x.looks - before <= 100 + 64);
    // More of what is not wanted comes in meanwhile.
    x.put(life_1, many, many);
  }
  CHECK(taken == 2 * many);
  CHECK(x.records.size() >= 2 * many);
  // Each portion begins with a page that was not done with.
  CHECK(x.looks < 8 * many);
}

TEST_CASE(
  "party slab: fifty thousand lives leave nothing behind, nor do nodes") {
  numbered x;
  x.put(other, 0, 0);
  for (uint32_t life = 1; life <= 50'000; ++life) {
    x.records.insert({node_b, creation{life}}, life);
    if (life % 2 == 0)
      x.records.insert({node_d, creation{life}}, life);
    REQUIRE(x.records.num_parties() <= 4);
    x.take(node_b, no_limit, any);
    x.take(node_d, no_limit, any);
  }
  CHECK(x.records.num_parties() == 2);
  CHECK(x.of(node_b).empty());
  CHECK(x.of(node_c) == numbers{0});
}

TEST_CASE("party slab: pages of one party serve another once they are empty") {
  page_slab<uint64_t> records;
  auto mine = page_slab<uint64_t>::no_pages;
  auto yours = page_slab<uint64_t>::no_pages;
  std::vector<slot> places;
  for (uint64_t i = 0; i < 640; ++i)
    places.push_back(records.insert(slot{1}, mine, i));
  records.insert(slot{2}, yours, 0);
  auto pages = records.num_pages();
  CHECK(pages == 11);
  for (size_t i = 1; i < places.size(); i += 2)
    records.erase(page_slab<uint64_t>::part_of(places[i]), mine);
  CHECK(records.num_pages() == pages);
  // Half empty is not empty: yours goes elsewhere, mine into the holes.
  for (uint64_t i = 0; i < 64; ++i)
    records.insert(slot{2}, yours, i);
  CHECK(records.num_pages() == pages + 1);
  for (size_t i = 1; i < places.size(); i += 2)
    records.insert(slot{1}, mine, i);
  CHECK(records.num_pages() == pages + 1);
  sweep_number sweep{1};
  records.sweep(mine, sweep, no_limit, any, [&](slot x) {
    records.erase(page_slab<uint64_t>::part_of(x), mine);
  });
  CHECK(records.num_pages() == 2);
  for (uint64_t i = 0; i < 640; ++i)
    CHECK(records.party_number(records.insert(slot{2}, yours, i)) == slot{2});
  CHECK(records.num_pages() == 12);
  CHECK(records.size() == 705);
}
