#pragma once

#include "src/table/slab.hpp"
#include "src/table/slot_ring.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace vigil {

/// Numbers the sweeps of one store; 0 is none.
enum class sweep_number : uint32_t {};

/// What one portion of a sweep has done: how many records it has looked at, how
/// many of them it has taken, and whether nothing is left to look at.
struct sweep_portion {
  size_t looks = 0;
  size_t taken = 0;
  bool done = false;
};

/// Holds plain records of one type under small numbers, the records of each
/// party (see `party_id`) on pages of its own: a record says to which it
/// belongs by where it is, and a party finds all its records without a link in
/// any of them. A page that is empty goes to the party that needs one next.
/// Parties are numbered by the caller, who also keeps the `party_pages` of
/// each. What `slab` says of memory holds here too.
///
/// Thread-safety: none.
template <class T>
class page_slab {
public:
  /// The pages of one party.
  struct party_pages {
    slot pages;
    slot with_room;
  };

  static constexpr party_pages no_pages{no_slot, no_slot};

  /// Stores `value` on a page of the party and returns its number.
  slot insert(slot party, party_pages& mine, const T& value) {
    if (mine.with_room == no_slot)
      add_page(party, mine);
    auto number = mine.with_room;
    auto& page = pages_[number];
    auto index = first_of(~page.used);
    page.used |= bit(index);
    page.records[index] = value;
    if (page.used == full)
      leave_room(mine, number);
    ++size_;
    return slot{static_cast<uint32_t>(number) * page_size + index};
  }

  /// Some records of one page.
  struct page_part {
    slot page = no_slot;
    /// One bit a record.
    uint64_t records = 0;
  };

  /// Returns the part of a page that is this record alone.
  static page_part part_of(slot x) noexcept {
    return {page_of(x), bit(index_of(x))};
  }

  /// @pre all of `x` are records on a page of `mine`
  void erase(const page_part& x, party_pages& mine) {
    auto& page = pages_[x.page];
    auto was_full = page.used == full;
    page.used &= ~x.records;
    size_ -= num_records(x);
    if (page.used == 0)
      return drop_page(x.page, mine, !was_full);
    if (!was_full)
      return;
    auto old = mine.with_room;
    mine.with_room = room_ring::push_back(pages_, old, x.page);
    // The next record comes here: the page is in the cache.
    if (old != no_slot)
      mine.with_room = room_ring::turn(pages_, old, x.page);
  }

  /// Returns how many `x` has.
  static size_t num_records(const page_part& x) noexcept {
    return static_cast<size_t>(__builtin_popcountll(x.records));
  }

  T& operator[](slot x) noexcept {
    return pages_[page_of(x)].records[index_of(x)];
  }

  const T& operator[](slot x) const noexcept {
    return pages_[page_of(x)].records[index_of(x)];
  }

  /// Returns the number of the record's party.
  slot party_number(slot x) const noexcept {
    return party_of_page(page_of(x));
  }

  /// Returns the number of the page's party.
  slot party_of_page(slot number) const noexcept {
    return pages_[number].party;
  }

  /// Calls `f(slot)` for every record on the pages of `mine`. `f` must not
  /// change anything here.
  template <class F>
  void for_each(const party_pages& mine, F f) const {
    page_ring::for_each(pages_, mine.pages, [&](slot number) {
      for (auto left = pages_[number].used; left != 0; left &= left - 1)
        f(slot{static_cast<uint32_t>(number) * page_size + first_of(left)});
    });
  }

  /// Goes on with a sweep, which has a `number` of its own: calls
  /// `take(slot)`, which must erase the record, at once or after the sweep, and
  /// nothing else, for those records on the pages of `mine` for which
  /// `wanted(record)` holds. Takes at most `limit` of them, and ends with the
  /// page on which it has looked at as many. A page that remains is marked, and
  /// comes last. What is inserted while a sweep goes on is not promised to be
  /// found by it.
  template <class Wanted, class Take>
  sweep_portion sweep(party_pages& mine, sweep_number number, size_t limit,
                      Wanted wanted, Take take) {
    sweep_portion result;
    while (mine.pages != no_slot && pages_[mine.pages].swept != number) {
      if (result.looks >= limit)
        return result;
      auto first = mine.pages;
      if (!sweep_page(first, limit, wanted, take, result))
        return result;
      // Unless it went with its last record.
      if (mine.pages == first) {
        pages_[first].swept = number;
        mine.pages = page_ring::turn(pages_, first,
                                     page_ring::next(pages_, first));
      }
    }
    result.done = true;
    return result;
  }

  size_t size() const noexcept {
    return size_;
  }

  size_t num_pages() const noexcept {
    return pages_.size();
  }

private:
  static constexpr uint32_t page_size = 64;

  static constexpr uint64_t full = ~uint64_t{0};

  struct page_entry {
    /// One bit a record.
    uint64_t used;
    slot party;
    /// The last sweep that has looked at all of it.
    sweep_number swept;
    ring_links of_party;
    /// Used while the page has room.
    ring_links with_room;
    std::array<T, page_size> records;
  };

  // What nobody has used stays untouched, and so takes no memory.
  static_assert(std::is_trivially_default_constructible_v<page_entry>);

  using page_store = slab<page_entry, 64>;

  using page_ring = slot_ring<page_store, page_entry, &page_entry::of_party>;

  using room_ring = slot_ring<page_store, page_entry, &page_entry::with_room>;

  static constexpr uint64_t bit(uint32_t index) noexcept {
    return uint64_t{1} << index;
  }

  static uint32_t first_of(uint64_t bits) noexcept {
    return static_cast<uint32_t>(__builtin_ctzll(bits));
  }

  static slot page_of(slot x) noexcept {
    return slot{static_cast<uint32_t>(x) / page_size};
  }

  static uint32_t index_of(slot x) noexcept {
    return static_cast<uint32_t>(x) % page_size;
  }

  void add_page(slot party, party_pages& mine) {
    auto number = pages_.insert();
    auto& page = pages_[number];
    page.used = 0;
    page.party = party;
    page.swept = sweep_number{};
    mine.pages = page_ring::push_back(pages_, mine.pages, number);
    mine.with_room = room_ring::push_back(pages_, mine.with_room, number);
  }

  /// Does so for one page; returns whether it has looked at all of it.
  template <class Wanted, class Take>
  bool sweep_page(slot number, size_t limit, Wanted wanted, Take take,
                  sweep_portion& done) {
    auto& page = pages_[number];
    for (auto left = page.used; left != 0; left &= left - 1) {
      auto index = first_of(left);
      auto take_it = wanted(page.records[index]);
      if (take_it && done.taken == limit)
        return false;
      ++done.looks;
      if (!take_it)
        continue;
      ++done.taken;
      take(slot{static_cast<uint32_t>(number) * page_size + index});
    }
    return true;
  }

  void drop_page(slot number, party_pages& mine, bool has_room) {
    if (has_room)
      leave_room(mine, number);
    auto next = page_ring::remove(pages_, number);
    if (mine.pages == number)
      mine.pages = next;
    pages_.erase(number);
  }

  void leave_room(party_pages& mine, slot number) {
    auto next = room_ring::remove(pages_, number);
    if (mine.with_room == number)
      mine.with_room = next;
  }

  page_store pages_;
  size_t size_ = 0;
};

} // namespace vigil
