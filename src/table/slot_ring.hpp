#pragma once

#include "src/table/slab.hpp"

#include <cstdint>

namespace vigil {

/// The neighbours of an element in one ring, and whether it is the first.
/// Plain, so that an element may be: belonging to a ring sets all of it.
struct ring_links {
  uint32_t previous : 31;
  uint32_t first : 1;
  slot next;
};

/// Operations on rings of elements that live in a `Store` and carry their own
/// links, so that belonging to a ring costs eight bytes and leaving it is
/// constant-time. A ring is known by its first element; `no_slot` is the empty
/// ring. Numbers of elements are below 2^31.
template <class Store, class Element, ring_links Element::*Links>
class slot_ring {
public:
  static bool is_first(const Store& elements, slot x) {
    return links(elements, x).first != 0;
  }

  /// Adds `x` as the last element; returns the ring's first.
  static slot push_back(Store& elements, slot first, slot x) {
    auto& own = links(elements, x);
    own.first = first == no_slot ? 1 : 0;
    if (first == no_slot) {
      own.next = x;
      link(own, x);
      return x;
    }
    auto& head = links(elements, first);
    auto last = slot{head.previous};
    own.next = first;
    link(own, last);
    links(elements, last).next = x;
    link(head, x);
    return first;
  }

  /// Takes `x` out; returns the element after it, `no_slot` if `x` was the only
  /// one. If `x` was the first, the element after it is now.
  static slot remove(Store& elements, slot x) {
    auto own = links(elements, x);
    if (own.next == x)
      return no_slot;
    auto& next = links(elements, own.next);
    next.previous = own.previous;
    next.first |= own.first;
    links(elements, slot{own.previous}).next = own.next;
    return own.next;
  }

  /// Turns the ring so that `x` is the first element; returns `x`.
  /// @pre `x` is in the ring of `first`
  static slot turn(Store& elements, slot first, slot x) {
    links(elements, first).first = 0;
    links(elements, x).first = 1;
    return x;
  }

  /// Leaves out all elements before `x`, which is then the first.
  /// @pre `x` is in the ring of `first`
  static void drop_before(Store& elements, slot first, slot x) {
    auto last = slot{links(elements, first).previous};
    links(elements, last).next = x;
    link(links(elements, x), last);
    links(elements, x).first = 1;
  }

  /// Joins `before` and `after`, between which others have left; with `first`,
  /// the first of the ring among them.
  static void join(Store& elements, slot before, slot after, bool first) {
    links(elements, before).next = after;
    auto& own = links(elements, after);
    link(own, before);
    if (first)
      own.first = 1;
  }

  static slot previous(const Store& elements, slot x) {
    return slot{links(elements, x).previous};
  }

  static slot next(const Store& elements, slot x) {
    return links(elements, x).next;
  }

  /// Calls `f(slot)` for every element, from the first to the last. `f` must
  /// not change the ring.
  template <class F>
  static void for_each(const Store& elements, slot first, F f) {
    if (first == no_slot)
      return;
    auto x = first;
    do {
      f(x);
      x = next(elements, x);
    } while (x != first);
  }

private:
  static ring_links& links(Store& elements, slot x) {
    return elements[x].*Links;
  }

  static const ring_links& links(const Store& elements, slot x) {
    return elements[x].*Links;
  }

  static void link(ring_links& own, slot previous) {
    own.previous = static_cast<uint32_t>(previous) & 0x7FFFFFFF;
  }
};

} // namespace vigil
