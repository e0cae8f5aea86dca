#pragma once

#include "src/table/slab.hpp"

#include "absl/container/flat_hash_set.h"

#include <cstddef>
#include <utility>

namespace vigil {

/// Finds elements of a store by a key that the elements carry themselves: an
/// index entry is four bytes and no key is stored twice. Holds at most one
/// element a key; for many of equal key it holds the first of their ring.
///
/// `Key` has two static members: `of` maps a store and the number of an element
/// to the element's key, which must be equality-comparable; `hash` maps a key
/// to a hash as absl containers need it.
///
/// Thread-safety: none. The store must outlive the index.
template <class Store, class Key>
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
  using place = typename slot_set::const_iterator;

  explicit slot_index(const Store& elements)
    : slots_(0, hasher{&elements}, equals{&elements}) {
    // nop
  }

  /// Returns the element with this key or `no_slot`.
  slot find(const key_type& key) const {
    auto i = slots_.find(key);
    return i != slots_.end() ? *i : no_slot;
  }

  /// Returns where the element with this key is, or `nowhere()`. The place is
  /// good until the index changes.
  place locate(const key_type& key) const {
    return slots_.find(key);
  }

  /// @pre `x` is in the index
  place locate(slot x) const {
    return slots_.find(x);
  }

  place nowhere() const {
    return slots_.end();
  }

  /// Adds an element. Returns the one that has the same key, and adds nothing,
  /// if there is one; otherwise `x` itself.
  slot insert(slot x) {
    return *slots_.insert(x).first;
  }

  /// Takes out what is at `where`.
  void erase(place where) {
    slots_.erase(where);
  }

  /// Puts `next` in the place of `x`, or removes `x` if `next` is `no_slot`.
  /// @pre `x` is in the index and still in the store; both have equal keys
  void replace(slot x, slot next) {
    auto i = slots_.find(x);
    if (next == no_slot)
      slots_.erase(i);
    else // An equal key has an equal hash: the entry stays where it is.
      const_cast<slot&>(*i) = next;
  }

  /// Calls `f(slot)` for every element, in no order.
  template <class F>
  void for_each(F f) const {
    for (auto x : slots_)
      f(x);
  }

  size_t size() const noexcept {
    return slots_.size();
  }

  /// Gives the memory of an empty index back, unless it is little: it will be
  /// needed again.
  void release_if_empty() {
    if (slots_.empty() && slots_.capacity() > little)
      slots_.rehash(0);
  }

private:
  static constexpr size_t little = 1024;

  slot_set slots_;
};

} // namespace vigil
