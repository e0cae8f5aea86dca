#pragma once

#include "src/slab.hpp"

namespace vigil {

/// The neighbours of a record in one ring.
struct ring_links {
  slot previous = no_slot;
  slot next = no_slot;
};

/// Operations on rings of records that live in a slab and carry their own
/// links, so that belonging to a ring costs eight bytes and leaving it is
/// constant-time. A ring is known by its first record; `no_slot` is the empty
/// ring.
template <class Record, ring_links Record::*Links>
class slot_ring {
public:
  /// Adds `x` as the last record; returns the ring's first record.
  static slot push_back(slab<Record>& records, slot first, slot x) {
    auto& links = records[x].*Links;
    if (first == no_slot) {
      links = {x, x};
      return x;
    }
    auto& head = records[first].*Links;
    auto last = head.previous;
    links = {last, first};
    (records[last].*Links).next = x;
    head.previous = x;
    return first;
  }

  /// Takes `x` out; returns the ring's first record, `no_slot` if `x` was the
  /// only one.
  static slot remove(slab<Record>& records, slot first, slot x) {
    auto links = records[x].*Links;
    if (links.next == x)
      return no_slot;
    (records[links.previous].*Links).next = links.next;
    (records[links.next].*Links).previous = links.previous;
    return first == x ? links.next : first;
  }

  /// Calls `f(slot)` for every record, in the order of their arrival. `f` must
  /// not change the ring.
  template <class F>
  static void for_each(const slab<Record>& records, slot first, F f) {
    if (first == no_slot)
      return;
    auto x = first;
    do {
      f(x);
      x = (records[x].*Links).next;
    } while (x != first);
  }
};

} // namespace vigil
