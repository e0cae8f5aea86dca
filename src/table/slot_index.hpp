#pragma once

#include "src/table/slab.hpp"

#include "absl/container/flat_hash_set.h"

#include <algorithm>
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
/// to a hash as absl containers need it.
///
/// To grow takes time in proportion to the size, all of it in one insertion. An
/// index that can become large has many `Parts`, which are of different sizes
/// and so grow one at a time.
///
/// Thread-safety: none. The store must outlive the index.
template <class Store, class Key, size_t Parts = 1>
class slot_index {
public:
  using key_type
    = decltype(Key::of(std::declval<const Store&>(), std::declval<slot>()));

private:
  struct hasher {
    using is_transparent = void;
    const Store* elements;

    size_t operator()(slot x) const {
      return Key::hash(Key::of(*elements, x));
    }

    size_t operator()(const key_type& x) const {
      return Key::hash(x);
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
  class place {
  public:
    slot operator*() const {
      return *where_;
    }

    friend bool operator==(const place& x, const place& y) {
      return x.part_ == y.part_ && (x.part_ == nullptr || x.where_ == y.where_);
    }

    friend bool operator!=(const place& x, const place& y) {
      return !(x == y);
    }

  private:
    friend class slot_index;

    slot_set* part_ = nullptr;
    typename slot_set::const_iterator where_;
  };

  explicit slot_index(const Store& elements)
    : parts_(Parts, slot_set(0, hasher{&elements}, equals{&elements})) {
    // nop
  }

  /// Returns the element with this key or `no_slot`.
  slot find(const key_type& key) const {
    auto hash = Key::hash(key);
    const auto& part = part_of(hash);
    auto i = part.find(key, hash);
    return i != part.end() ? *i : no_slot;
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
    return {};
  }

  /// Adds an element. Returns the one that has the same key, and adds nothing,
  /// if there is one; otherwise `x` itself.
  slot insert(slot x) {
    auto [where, added] = part_of(hash_of(x)).insert(x);
    size_ += added ? 1 : 0;
    return *where;
  }

  /// Takes out what is at `where`.
  void erase(const place& where) {
    auto& part = *where.part_;
    part.erase(where.where_);
    --size_;
    // It will be needed again; so little memory is kept.
    if (part.empty() && part.capacity() > little)
      part.rehash(0);
  }

  /// Puts `next` in the place of `x`, or removes `x` if `next` is `no_slot`.
  /// @pre `x` is in the index and still in the store; both have equal keys
  void replace(slot x, slot next) {
    auto where = locate(x);
    if (next == no_slot)
      erase(where);
    else // An equal key has an equal hash: the entry stays where it is.
      const_cast<slot&>(*where.where_) = next;
  }

  /// Calls `f(slot)` for every element, in no order.
  template <class F>
  void for_each(F f) const {
    for (const auto& part : parts_)
      for (auto x : part)
        f(x);
  }

  size_t size() const noexcept {
    return size_;
  }

  /// Returns how many elements the largest part has room for: as many are
  /// touched at most when one more is inserted.
  size_t largest_part() const noexcept {
    size_t result = 0;
    for (const auto& part : parts_)
      result = std::max(result, part.capacity());
    return result;
  }

private:
  static constexpr size_t little = Parts == 1 ? 1024 : 64;

  size_t hash_of(slot x) const {
    return parts_.front().hash_function()(x);
  }

  /// The largest part gets twice as many elements as the smallest, and the
  /// others lie between, so that they come to their bounds one by one. Looks at
  /// the upper bits of a hash; the place within a part is in the lower ones.
  static size_t number_of_part(size_t hash) noexcept {
    if constexpr (Parts == 1)
      return 0;
    auto x = static_cast<uint64_t>(hash) >> 48;
    return static_cast<size_t>(x * ((uint64_t{4} << 16) - x) * Parts
                               / (uint64_t{3} << 32));
  }

  const slot_set& part_of(size_t hash) const {
    return parts_[number_of_part(hash)];
  }

  slot_set& part_of(size_t hash) {
    return parts_[number_of_part(hash)];
  }

  template <class T>
  place locate(size_t hash, const T& x) const {
    auto& part = const_cast<slot_set&>(part_of(hash));
    place result;
    auto i = part.find(x, hash);
    if (i == part.end())
      return result;
    result.part_ = &part;
    result.where_ = i;
    return result;
  }

  std::vector<slot_set> parts_;
  size_t size_ = 0;
};

} // namespace vigil
