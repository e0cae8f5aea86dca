#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include "src/table/page_slab.hpp"
#include "src/table/slab.hpp"
#include "src/table/slot_index.hpp"
#include "src/table/slot_ring.hpp"
#include "src/table/wide_hash.hpp"

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace vigil {

/// A party to the monitors of this node: one life of a node, or, with a `life`
/// of 0, which no pid has, the node whatever its life. The records of one party
/// are kept together, because they are lost together.
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
  party_slab() : by_party_(parties_), by_node_(nodes_) {
    // nop
  }

  party_slab(const party_slab&) = delete;

  party_slab& operator=(const party_slab&) = delete;

  slot insert(const party_id& id, const T& value) {
    auto number = acquire(id);
    auto& mine = parties_[number];
    ++mine.size;
    ++nodes_[mine.node].size;
    return records_.insert(number, mine.pages, value);
  }

  void erase(slot x) {
    erase(page_slab<T>::part_of(x));
  }

  /// Erases records one after the other, those of a page at once if they come
  /// in a row. Until the last of them is erased, with this object at the
  /// latest, they can be read, and are counted.
  class eraser {
  public:
    explicit eraser(party_slab& records) noexcept : records_(records) {
      // nop
    }

    eraser(const eraser&) = delete;

    eraser& operator=(const eraser&) = delete;

    ~eraser() {
      finish();
    }

    void erase(slot x) {
      auto part = page_slab<T>::part_of(x);
      if (part.page != pending_.page) {
        finish();
        pending_.page = part.page;
      }
      pending_.records |= part.records;
    }

  private:
    void finish() {
      if (pending_.records != 0)
        records_.erase(std::exchange(pending_, {}));
    }

    party_slab& records_;
    typename page_slab<T>::page_part pending_;
  };

  T& operator[](slot x) noexcept {
    return records_[x];
  }

  const T& operator[](slot x) const noexcept {
    return records_[x];
  }

  /// Returns the number of the record's party.
  slot party_number(slot x) const noexcept {
    return records_.party_number(x);
  }

  const party_id& party_of(slot x) const noexcept {
    return parties_[party_number(x)].id;
  }

  /// Returns the number of a party, `no_slot` if it has no records.
  slot find(const party_id& id) const {
    if (last_ != no_slot && parties_[last_].id == id)
      return last_;
    auto result = by_party_.find(id);
    if (result != no_slot)
      last_ = result;
    return result;
  }

  size_t size() const noexcept {
    return records_.size();
  }

  size_t size(node_name node) const {
    auto entry = find_node(node);
    return entry != no_slot ? nodes_[entry].size : 0;
  }

  /// Returns how many parties take memory.
  size_t num_parties() const noexcept {
    return parties_.size();
  }

  /// Calls `f(slot)` for every record of the node's parties. `f` must not
  /// change anything here.
  template <class F>
  void for_each(node_name node, F f) const {
    if (auto entry = find_node(node); entry != no_slot)
      party_ring::for_each(parties_, nodes_[entry].parties, [&](slot number) {
        records_.for_each(parties_[number].pages, f);
      });
  }

  /// Does for all parties of the node what `page_slab::sweep` does for one.
  template <class Wanted, class Take>
  sweep_portion sweep(node_name node, sweep_number number, size_t limit,
                      Wanted wanted, Take take) {
    sweep_portion result;
    auto entry = find_node(node);
    for (;;) {
      // Those that are done with come last, one that is new after them.
      auto first = entry != no_slot ? nodes_[entry].parties : no_slot;
      result.done = first == no_slot || parties_[first].swept == number;
      if (result.done || result.looks >= limit)
        return result;
      auto portion = records_.sweep(parties_[first].pages, number,
                                    limit - result.looks, wanted, take);
      result.looks += portion.looks + 1;
      result.taken += portion.taken;
      if (!portion.done)
        return result;
      auto& mine = parties_[first];
      mine.swept = number;
      nodes_[entry].parties = party_ring::turn(parties_, first,
                                               mine.of_node.next);
    }
  }

private:
  struct party {
    party_id id;
    typename page_slab<T>::party_pages pages = page_slab<T>::no_pages;
    size_t size = 0;
    slot node = no_slot;
    /// The last sweep that is done with it.
    sweep_number swept{};
    ring_links of_node{};
  };

  struct node_entry {
    node_name name;
    slot parties = no_slot;
    size_t size = 0;
  };

  using party_store = slab<party, 64>;

  using node_store = slab<node_entry, 64>;

  using party_ring = slot_ring<party_store, party, &party::of_node>;

  struct party_key {
    static party_id of(const party_store& parties, slot x) {
      return parties[x].id;
    }

    static uint64_t hash(const party_id& x) {
      return wide_hash(x);
    }
  };

  struct node_key {
    static node_name of(const node_store& nodes, slot x) {
      return nodes[x].name;
    }

    static uint64_t hash(node_name x) {
      return wide_hash(x);
    }
  };

  slot find_node(node_name node) const {
    if (last_ != no_slot && parties_[last_].id.node == node)
      return parties_[last_].node;
    return by_node_.find(node);
  }

  slot acquire(const party_id& id) {
    auto result = find(id);
    if (result == no_slot)
      result = add(id);
    if (result == idle_)
      idle_ = no_slot;
    return result;
  }

  slot add(const party_id& id) {
    auto entry = find_node(id.node);
    if (entry == no_slot) {
      entry = nodes_.insert();
      nodes_[entry] = {id.node, no_slot, 0};
      by_node_.insert(entry);
    }
    auto result = parties_.insert();
    auto& created = parties_[result];
    created = party{};
    created.id = id;
    created.node = entry;
    auto& first = nodes_[entry].parties;
    first = party_ring::push_back(parties_, first, result);
    by_party_.insert(result);
    last_ = result;
    return result;
  }

  void drop(slot number) {
    assert(parties_[number].size == 0);
    auto entry = parties_[number].node;
    auto& first = nodes_[entry].parties;
    auto next = party_ring::remove(parties_, number);
    if (first == number)
      first = next;
    if (next == no_slot) {
      by_node_.replace(entry, no_slot);
      nodes_.erase(entry);
    }
    by_party_.replace(number, no_slot);
    parties_.erase(number);
    if (last_ == number)
      last_ = no_slot;
  }

  void erase(const typename page_slab<T>::page_part& x) {
    auto number = records_.party_of_page(x.page);
    auto count = page_slab<T>::num_records(x);
    auto& mine = parties_[number];
    records_.erase(x, mine.pages);
    nodes_[mine.node].size -= count;
    mine.size -= count;
    if (mine.size > 0)
      return;
    // The last one that was left without records keeps its place: one monitor
    // that comes and goes must not make and drop its party every time.
    if (idle_ != no_slot)
      drop(idle_);
    idle_ = number;
  }

  page_slab<T> records_;
  party_store parties_;
  slot_index<party_store, party_key> by_party_;
  node_store nodes_;
  slot_index<node_store, node_key> by_node_;
  /// The party that was asked for last: those of one node come in a row.
  mutable slot last_ = no_slot;
  /// The one party that may be without records.
  slot idle_ = no_slot;
};

} // namespace vigil
