#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include "src/table/page_slab.hpp"
#include "src/table/slab.hpp"
#include "src/table/slot_index.hpp"
#include "src/table/slot_ring.hpp"

#include "absl/container/inlined_vector.h"
#include "absl/hash/hash.h"

#include <cassert>
#include <cstddef>
#include <utility>

namespace vigil {

/// Whose records are kept together: one life of a node, or, with a `life` of 0,
/// which no pid has, all that concerns the node whatever its life.
struct party_id {
  node_name node;
  creation life{};

  friend bool operator==(const party_id& x, const party_id& y) noexcept {
    return x.node == y.node && x.life == y.life;
  }

  template <class H>
  friend H AbslHashValue(H state, const party_id& x) {
    return H::combine(std::move(state), x.node, x.life);
  }
};

/// Records of one type by the party that each belongs to. A record costs
/// nothing for that, and to lose a node takes time in proportion to its own
/// records. Parties and nodes without records leave nothing behind.
///
/// Thread-safety: none.
template <class T>
class party_slab {
public:
  party_slab() : by_party_(owners_), by_node_(nodes_) {
    // nop
  }

  party_slab(const party_slab&) = delete;

  party_slab& operator=(const party_slab&) = delete;

  slot insert(const party_id& whose, const T& value) {
    auto number = acquire(whose);
    auto& mine = owners_[number];
    ++mine.size;
    ++nodes_[mine.home].size;
    return records_.insert(number, mine.pages, value);
  }

  void erase(slot x) {
    auto number = records_.owner_of(x);
    auto& mine = owners_[number];
    records_.erase(x, mine.pages);
    --nodes_[mine.home].size;
    if (--mine.size > 0)
      return;
    // The last one that was left without records keeps its place: one monitor
    // that comes and goes must not make and drop its party every time.
    if (idle_ != no_slot)
      drop(idle_);
    idle_ = number;
  }

  T& operator[](slot x) noexcept {
    return records_[x];
  }

  const T& operator[](slot x) const noexcept {
    return records_[x];
  }

  /// Returns the number of the record's party.
  slot owner_of(slot x) const noexcept {
    return records_.owner_of(x);
  }

  const party_id& party_of(slot x) const noexcept {
    return owners_[owner_of(x)].whose;
  }

  /// Returns the number of a party, `no_slot` if it has no records.
  slot find(const party_id& whose) const {
    if (last_ != no_slot && owners_[last_].whose == whose)
      return last_;
    auto result = by_party_.find(whose);
    if (result != no_slot)
      last_ = result;
    return result;
  }

  size_t size() const noexcept {
    return records_.size();
  }

  size_t size(node_name node) const {
    auto home = find_node(node);
    return home != no_slot ? nodes_[home].size : 0;
  }

  /// Returns how many parties take memory.
  size_t num_parties() const noexcept {
    return owners_.size();
  }

  /// Calls `f(slot)` for every record of the node's parties. `f` must not
  /// change anything here.
  template <class F>
  void for_each(node_name node, F f) const {
    if (auto home = find_node(node); home != no_slot)
      owner_ring::for_each(owners_, nodes_[home].owners, [&](slot number) {
        records_.for_each(owners_[number].pages, f);
      });
  }

  /// Does for all parties of the node what `page_slab::sweep` does for one.
  template <class Wanted, class Take>
  size_t sweep(node_name node, size_t limit, Wanted wanted, Take take) {
    auto home = find_node(node);
    if (home == no_slot)
      return 0;
    absl::InlinedVector<slot, 4> numbers;
    owner_ring::for_each(owners_, nodes_[home].owners, [&](slot number) {
      // An idle one may be dropped on the way.
      if (owners_[number].size > 0)
        numbers.push_back(number);
    });
    size_t result = 0;
    for (auto number : numbers) {
      // Where this portion ends, the next begins.
      auto& first = nodes_[home].owners;
      first = owner_ring::turn(owners_, first, number);
      result += records_.sweep(owners_[number].pages, limit - result, wanted,
                               take);
      if (result == limit)
        break;
    }
    return result;
  }

private:
  struct owner {
    party_id whose;
    typename page_slab<T>::holding pages = page_slab<T>::nothing;
    size_t size = 0;
    slot home = no_slot;
    ring_links of_node{};
  };

  struct node_entry {
    node_name name;
    slot owners = no_slot;
    size_t size = 0;
  };

  using owner_store = slab<owner, 64>;

  using node_store = slab<node_entry, 64>;

  using owner_ring = slot_ring<owner_store, owner, &owner::of_node>;

  struct party_key {
    static party_id of(const owner_store& owners, slot x) {
      return owners[x].whose;
    }

    static size_t hash(const party_id& x) {
      return absl::HashOf(x);
    }
  };

  struct node_key {
    static node_name of(const node_store& nodes, slot x) {
      return nodes[x].name;
    }

    static size_t hash(node_name x) {
      return absl::HashOf(x);
    }
  };

  slot find_node(node_name node) const {
    if (last_ != no_slot && owners_[last_].whose.node == node)
      return owners_[last_].home;
    return by_node_.find(node);
  }

  slot acquire(const party_id& whose) {
    auto result = find(whose);
    if (result == no_slot)
      result = add(whose);
    if (result == idle_)
      idle_ = no_slot;
    return result;
  }

  slot add(const party_id& whose) {
    auto home = find_node(whose.node);
    if (home == no_slot) {
      home = nodes_.insert();
      nodes_[home] = {whose.node, no_slot, 0};
      by_node_.insert(home);
    }
    auto result = owners_.insert();
    auto& created = owners_[result];
    created = owner{};
    created.whose = whose;
    created.home = home;
    auto& first = nodes_[home].owners;
    first = owner_ring::push_back(owners_, first, result);
    by_party_.insert(result);
    last_ = result;
    return result;
  }

  void drop(slot number) {
    assert(owners_[number].size == 0);
    auto home = owners_[number].home;
    auto& first = nodes_[home].owners;
    auto next = owner_ring::remove(owners_, number);
    if (first == number)
      first = next;
    if (next == no_slot) {
      by_node_.replace(home, no_slot);
      nodes_.erase(home);
    }
    by_party_.replace(number, no_slot);
    owners_.erase(number);
    if (last_ == number)
      last_ = no_slot;
  }

  page_slab<T> records_;
  owner_store owners_;
  slot_index<owner_store, party_key> by_party_;
  node_store nodes_;
  slot_index<node_store, node_key> by_node_;
  /// The party that was asked for last: those of one node come in a row.
  mutable slot last_ = no_slot;
  /// The one party that may be without records.
  slot idle_ = no_slot;
};

} // namespace vigil
