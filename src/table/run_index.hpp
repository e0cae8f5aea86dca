#pragma once

#include "src/table/clustered_hash.hpp"
#include "src/table/packed_number.hpp"
#include "src/table/slab.hpp"
#include "src/table/slot_index.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace vigil {

/// A number, and the group of numbers that it is one of.
struct run_position {
  uint64_t number;
  uint32_t group;
};

/// Finds elements of a store, as `slot_index` does, by keys that are numbers
/// which are given out in a row and used so: sixteen of a run share one block,
/// which is found by one search, and mostly by none, because it is that of the
/// key before. No element is looked at for it. An element whose run has no
/// other needs no block: who chooses the keys cannot make each cost one.
///
/// `Key` has two static members: `of` maps a store and the number of an element
/// to the element's key, which must be equality-comparable; `position` maps a
/// key to a `run_position`. Numbers of elements are below 2^31.
///
/// Thread-safety: none. The store must outlive the index.
template <class Store, class Key>
class run_index {
public:
  using key_type
    = decltype(Key::of(std::declval<const Store&>(), std::declval<slot>()));

private:
  static constexpr uint32_t run_size = 16;

  /// Runs of different group have nothing to do with each other.
  struct run {
    uint64_t number;
    uint32_t group;

    friend bool operator==(const run& x, const run& y) noexcept {
      return x.number == y.number && x.group == y.group;
    }
  };

  struct block {
    packed_number number;
    uint32_t group;
    uint32_t size;
    std::array<slot, run_size> elements;
  };

  static_assert(sizeof(block) == 80);

  /// What stands for a run: a block, or its only element.
  struct run_store {
    explicit run_store(const Store& x) : elements(x) {
      // nop
    }

    run run_of(slot entry) const {
      if (!is_block(entry))
        return place_in(Key::of(elements, entry)).first;
      const auto& x = blocks[block_of(entry)];
      return {x.number.value(), x.group};
    }

    const Store& elements;
    slab<block, 64> blocks;
  };

  struct run_key {
    static run of(const run_store& runs, slot entry) {
      return runs.run_of(entry);
    }

    static uint64_t hash(const run& x) noexcept {
      return clustered_hash(x.number, x.group);
    }
  };

  using entry_index = slot_index<run_store, run_key>;

public:
  /// Where an element was found: to take it out needs no second search.
  class place {
  public:
    /// The element.
    slot operator*() const noexcept {
      return element_;
    }

    friend bool operator==(const place& x, const place& y) noexcept {
      return x.element_ == y.element_;
    }

    friend bool operator!=(const place& x, const place& y) noexcept {
      return !(x == y);
    }

  private:
    friend class run_index;

    slot element_ = no_slot;
    slot entry_ = no_slot;
    uint32_t index_ = 0;
  };

  explicit run_index(const Store& elements) : runs_(elements), entries_(runs_) {
    // nop
  }

  run_index(const run_index&) = delete;

  run_index& operator=(const run_index&) = delete;

  /// Returns the element with this key or `no_slot`.
  slot find(const key_type& key) const {
    return *locate(key);
  }

  /// Returns where the element with this key is, or `nowhere()`. The place is
  /// good until the index changes.
  place locate(const key_type& key) const {
    auto [wanted, index] = place_in(key);
    place result;
    result.entry_ = find_entry(wanted);
    result.index_ = index;
    if (result.entry_ == no_slot)
      return result;
    if (is_block(result.entry_))
      result.element_ = block_at(result.entry_).elements[index];
    else if (Key::of(runs_.elements, result.entry_) == key)
      result.element_ = result.entry_;
    return result;
  }

  /// @pre `x` is in the index
  place locate(slot x) const {
    return locate(Key::of(runs_.elements, x));
  }

  place nowhere() const noexcept {
    return place{};
  }

  /// Adds an element. Returns the one that has the same key, and adds nothing,
  /// if there is one; otherwise `x` itself.
  slot insert(slot x) {
    auto [wanted, index] = place_in(Key::of(runs_.elements, x));
    auto entry = find_entry(wanted);
    if (entry == no_slot) {
      entries_.insert(x);
      last_ = x;
      ++size_;
      return x;
    }
    if (!is_block(entry)) {
      if (place_in(Key::of(runs_.elements, entry)).second == index)
        return entry;
      entry = make_block(entry, wanted);
    }
    auto& home = block_at(entry);
    auto& where = home.elements[index];
    if (where != no_slot)
      return where;
    where = x;
    ++home.size;
    ++size_;
    return x;
  }

  /// Takes out what is at `where`.
  void erase(const place& where) {
    --size_;
    if (!is_block(where.entry_))
      return exchange_entry(where.entry_, no_slot);
    leave_block(where);
    shrink_block(where.entry_);
  }

  /// Takes elements out one after the other, those of a run in one go if they
  /// come in a row. Between two calls the index is as it should be, but for
  /// memory that it gives back later, with this object at the latest.
  class eraser {
  public:
    explicit eraser(run_index& index) noexcept : index_(index) {
      // nop
    }

    eraser(const eraser&) = delete;

    eraser& operator=(const eraser&) = delete;

    ~eraser() {
      finish();
    }

    /// Takes out what is at `where`.
    void erase(const place& where) {
      if (where.entry_ != pending_)
        finish();
      if (!is_block(where.entry_))
        return index_.erase(where);
      --index_.size_;
      index_.leave_block(where);
      pending_ = where.entry_;
    }

  private:
    void finish() {
      if (pending_ != no_slot)
        index_.shrink_block(std::exchange(pending_, no_slot));
    }

    run_index& index_;
    /// A block that may have too few elements.
    slot pending_ = no_slot;
  };

  /// Puts `next` in the place of `x`, or removes `x` if `next` is `no_slot`.
  /// @pre `x` is in the index and still in the store; both have equal keys
  void replace(slot x, slot next) {
    auto where = locate(x);
    if (next == no_slot)
      erase(where);
    else if (is_block(where.entry_))
      block_at(where.entry_).elements[where.index_] = next;
    else
      exchange_entry(x, next);
  }

  size_t size() const noexcept {
    return size_;
  }

private:
  static constexpr uint32_t block_bit = uint32_t{1} << 31;

  static bool is_block(slot entry) noexcept {
    return (static_cast<uint32_t>(entry) & block_bit) != 0;
  }

  static slot block_of(slot entry) noexcept {
    return slot{static_cast<uint32_t>(entry) & ~block_bit};
  }

  static slot entry_of(slot block_number) noexcept {
    return slot{static_cast<uint32_t>(block_number) | block_bit};
  }

  /// Returns the run of a key and its place in it.
  static std::pair<run, uint32_t> place_in(const key_type& key) noexcept {
    auto [number, group] = Key::position(key);
    return {{number / run_size, group},
            static_cast<uint32_t>(number % run_size)};
  }

  block& block_at(slot entry) noexcept {
    return runs_.blocks[block_of(entry)];
  }

  const block& block_at(slot entry) const noexcept {
    return runs_.blocks[block_of(entry)];
  }

  slot find_entry(const run& wanted) const {
    if (last_ != no_slot && runs_.run_of(last_) == wanted)
      return last_;
    auto result = entries_.find(wanted);
    if (result != no_slot)
      last_ = result;
    return result;
  }

  /// Puts `next` in the place of what stands for a run, both of the same.
  void exchange_entry(slot entry, slot next) {
    entries_.replace(entry, next);
    if (last_ == entry)
      last_ = next;
  }

  /// Makes a block for the run of an element that was alone until now.
  slot make_block(slot x, const run& of) {
    auto number = runs_.blocks.insert();
    auto& home = runs_.blocks[number];
    home.number = packed_number{of.number};
    home.group = of.group;
    home.size = 1;
    home.elements.fill(no_slot);
    home.elements[place_in(Key::of(runs_.elements, x)).second] = x;
    exchange_entry(x, entry_of(number));
    return entry_of(number);
  }

  void leave_block(const place& where) noexcept {
    auto& home = block_at(where.entry_);
    home.elements[where.index_] = no_slot;
    --home.size;
  }

  /// Lets the last element of a block stand for its run itself; without any
  /// the run goes.
  void shrink_block(slot entry) {
    auto& home = block_at(entry);
    if (home.size > 1)
      return;
    auto last = no_slot;
    for (auto x : home.elements)
      if (x != no_slot)
        last = x;
    exchange_entry(entry, last);
    runs_.blocks.erase(block_of(entry));
  }

  run_store runs_;
  entry_index entries_;
  size_t size_ = 0;
  /// What stands for the run that was asked for last.
  mutable slot last_ = no_slot;
};

} // namespace vigil
