#pragma once

#include "src/slab.hpp"

#include "absl/container/flat_hash_set.h"

#include <cstddef>
#include <utility>

namespace vigil {

/// Finds records of a slab by a key that the records carry themselves: an index
/// entry is four bytes and no key is stored twice. Holds at most one record a
/// key; for many records of equal key it holds the first of their ring.
///
/// `KeyOf` maps a record to its key; keys must be equality-comparable and known
/// to absl::Hash.
///
/// Thread-safety: none. The slab must outlive the index.
template <class Record, class KeyOf>
class slot_index {
public:
  using key_type
    = decltype(std::declval<KeyOf>()(std::declval<const Record&>()));

  explicit slot_index(const slab<Record>& records)
    : slots_(0, hasher{&records}, equals{&records}) {
    // nop
  }

  /// Returns the record with this key or `no_slot`.
  slot find(const key_type& key) const {
    auto i = slots_.find(key);
    return i != slots_.end() ? *i : no_slot;
  }

  /// Adds a record. Returns the record that has the same key, and adds nothing,
  /// if there is one; otherwise `x` itself.
  slot insert(slot x) {
    return *slots_.insert(x).first;
  }

  /// Puts `next` in the place of `x`, or removes `x` if `next` is `no_slot`.
  /// @pre `x` is in the index and still in the slab; both have equal keys
  void replace(slot x, slot next) {
    auto i = slots_.find(x);
    if (next == no_slot)
      slots_.erase(i);
    else // An equal key has an equal hash: the entry stays where it is.
      const_cast<slot&>(*i) = next;
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

  struct hasher {
    using is_transparent = void;
    const slab<Record>* records;

    size_t operator()(slot x) const {
      return absl::Hash<key_type>{}(KeyOf{}((*records)[x]));
    }

    size_t operator()(const key_type& x) const {
      return absl::Hash<key_type>{}(x);
    }
  };

  struct equals {
    using is_transparent = void;
    const slab<Record>* records;

    bool operator()(slot x, slot y) const {
      // Most often the very record: it need not be looked at.
      return x == y || KeyOf{}((*records)[x]) == KeyOf{}((*records)[y]);
    }

    bool operator()(slot x, const key_type& y) const {
      return KeyOf{}((*records)[x]) == y;
    }

    bool operator()(const key_type& x, slot y) const {
      return x == KeyOf{}((*records)[y]);
    }
  };

  absl::flat_hash_set<slot, hasher, equals> slots_;
};

} // namespace vigil
