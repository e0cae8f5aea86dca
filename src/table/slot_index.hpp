#pragma once

#include "src/table/slab.hpp"

#include "absl/container/flat_hash_set.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace vigil {

/// Finds elements of a store by a key that the elements carry themselves: an
/// index entry is four bytes and no key is stored twice. Holds at most one
/// element a key; for many of equal key it holds the first of their ring.
///
/// `Key` has two static members: `of` maps a store and the number of an element
/// to the element's key, which must be equality-comparable; `hash` maps a key
/// to a hash of 64 bits, the lower of them as absl containers need it.
///
/// To grow takes a container time in proportion to its size. So an index that
/// has become large is in many of them, which come to their bounds one after
/// the other; the insertions that follow move it there, a few elements each.
///
/// Thread-safety: none. The store must outlive the index.
template <class Store, class Key>
class slot_index {
public:
  using key_type
    = decltype(Key::of(std::declval<const Store&>(), std::declval<slot>()));

private:
  /// What a container takes of a hash.
  static size_t lower(uint64_t hash) noexcept {
    return static_cast<size_t>(hash);
  }

  struct hasher {
    using is_transparent = void;
    const Store* elements;

    size_t operator()(slot x) const {
      return lower(Key::hash(Key::of(*elements, x)));
    }

    size_t operator()(const key_type& x) const {
      return lower(Key::hash(x));
    }
  };

  struct equals {
    using is_transparent = void;
    const Store* elements;

    bool operator()(slot x, slot y) const {
      // Most often the very element: it need not be looked at.
      return x == y || Key::of(*elements, x) == Key::of(*elements, y);
    }

    bool operator()(slot x, const key_type& y) const {
      return Key::of(*elements, x) == y;
    }

    bool operator()(const key_type& x, slot y) const {
      return x == Key::of(*elements, y);
    }
  };

  using slot_set = absl::flat_hash_set<slot, hasher, equals>;

public:
  /// Where an element was found: to take it out needs no second search.
  using place = typename slot_set::const_iterator;

  explicit slot_index(const Store& elements)
    : elements_(elements),
      parts_(1, slot_set(0, hasher{&elements}, equals{&elements})),
      old_(0, hasher{&elements}, equals{&elements}) {
    // nop
  }

  /// Returns the element with this key or `no_slot`.
  slot find(const key_type& key) const {
    auto hash = Key::hash(key);
    const auto& part = part_of(hash);
    if (auto i = part.find(key, lower(hash)); i != part.end())
      return *i;
    if (!moving_)
      return no_slot;
    auto i = old_.find(key, lower(hash));
    return i != old_.end() ? *i : no_slot;
  }

  /// Returns where the element with this key is, or `nowhere()`. The place is
  /// good until the index changes.
  place locate(const key_type& key) const {
    return locate(Key::hash(key), key);
  }

  /// @pre `x` is in the index
  place locate(slot x) const {
    return locate(hash_of(x), x);
  }

  place nowhere() const {
    return place{};
  }

  /// Adds an element. Returns the one that has the same key, and adds nothing,
  /// if there is one; otherwise `x` itself.
  slot insert(slot x) {
    if (size_ == most_in_one && parts_.size() == 1)
      split();
    if (moving_) {
      if (auto i = old_.find(x); i != old_.end())
        return *i;
      move_some();
    }
    // Alone it needs no hash to be found.
    auto& part = parts_.size() == 1 ? parts_.front() : part_of(hash_of(x));
    auto [where, added] = part.insert(x);
    size_ += added ? 1 : 0;
    return *where;
  }

  /// Takes out what is at `where`.
  void erase(place where) {
    if (where == next_)
      ++next_;
    part_with(*where).erase(where);
    if (--size_ == 0)
      release();
  }

  /// Puts `next` in the place of `x`, or removes `x` if `next` is `no_slot`.
  /// @pre `x` is in the index and still in the store; both have equal keys
  void replace(slot x, slot next) {
    auto where = locate(x);
    if (next == no_slot)
      erase(where);
    else // An equal key has an equal hash: the entry stays where it is.
      const_cast<slot&>(*where) = next;
  }

  /// Calls `f(slot)` for every element, in no order.
  template <class F>
  void for_each(F f) const {
    for (auto x : old_)
      f(x);
    for (const auto& part : parts_)
      for (auto x : part)
        f(x);
  }

  size_t size() const noexcept {
    return size_;
  }

private:
  /// The most for which one container has 2^18 places. To have grown so far has
  /// taken some milliseconds at the last.
  static constexpr size_t most_in_one = 229'376;

  /// With ten million elements each has some 40,000. Eight bits of a hash tell
  /// them apart.
  static constexpr size_t num_parts = 256;

  static constexpr size_t moved_at_once = 8;

  static constexpr size_t little = 1024;

  uint64_t hash_of(slot x) const {
    return Key::hash(Key::of(elements_, x));
  }

  /// By the upper bits of the hash; the place within a part is in others.
  const slot_set& part_of(uint64_t hash) const noexcept {
    return parts_.size() == 1 ? parts_.front()
                              : parts_[static_cast<uint8_t>(hash >> 56)];
  }

  slot_set& part_of(uint64_t hash) noexcept {
    return const_cast<slot_set&>(std::as_const(*this).part_of(hash));
  }

  /// Returns the container that holds `x`, which stands in one.
  slot_set& part_with(slot x) noexcept {
    if (parts_.size() == 1)
      return parts_.front();
    auto hash = hash_of(x);
    if (moving_ && old_.find(x, lower(hash)) != old_.end())
      return old_;
    return part_of(hash);
  }

  template <class T>
  place locate(uint64_t hash, const T& x) const {
    const auto& part = part_of(hash);
    if (auto i = part.find(x, lower(hash)); i != part.end())
      return i;
    if (moving_)
      if (auto i = old_.find(x, lower(hash)); i != old_.end())
        return i;
    return nowhere();
  }

  void split() {
    old_.swap(parts_.front());
    parts_.resize(num_parts, parts_.front());
    next_ = old_.begin();
    moving_ = true;
  }

  void move_some() {
    for (auto left = moved_at_once; left > 0 && next_ != old_.end(); --left) {
      auto x = *next_;
      old_.erase(next_++);
      part_of(hash_of(x)).insert(x);
    }
    if (next_ == old_.end())
      stop_moving();
  }

  void stop_moving() {
    moving_ = false;
    next_ = place{};
    old_.rehash(0);
  }

  /// Gives the memory of an empty index back, unless it is little: it will be
  /// needed again.
  void release() {
    if (moving_)
      stop_moving();
    if (parts_.size() > 1)
      parts_.erase(parts_.begin() + 1, parts_.end());
    if (parts_.front().capacity() > little)
      parts_.front().rehash(0);
  }

  const Store& elements_;
  /// One, or `num_parts`.
  std::vector<slot_set> parts_;
  /// What was the one before, as far as it was not moved yet, and what is moved
  /// next.
  slot_set old_;
  place next_;
  bool moving_ = false;
  size_t size_ = 0;
};

} // namespace vigil
