#pragma once

#include "src/table/slab.hpp"

#include <utility>

namespace vigil {

/// Takes records out of a store, out of their rings (see `slot_ring`), whose
/// first records an index `Firsts` finds, and out of an index `Refs`.
/// Neighbours that leave one after the other leave together: most often all of
/// a ring, of a block of an index and of a page.
///
/// All is right again only when this object is gone; until then records that
/// have left can be read.
template <class Records, class Ring, class Firsts, class Refs>
class leaving_run {
public:
  leaving_run(Records& records, Firsts& firsts, Refs& refs) noexcept
    : records_(records),
      firsts_(firsts),
      refs_(refs),
      leaving_records_(records),
      leaving_firsts_(firsts),
      leaving_refs_(refs) {
    // nop
  }

  leaving_run(const leaving_run&) = delete;

  leaving_run& operator=(const leaving_run&) = delete;

  ~leaving_run() {
    close_gap();
  }

  /// Takes out `x`.
  void add(slot x) {
    leave_ring(x);
    add_without_ring(x);
  }

  /// Takes out `x`, which is in no ring any more.
  void add_without_ring(slot x) {
    leaving_refs_.erase(refs_.locate(x));
    leaving_records_.erase(x);
  }

private:
  void leave_ring(slot x) {
    auto is_first = Ring::is_first(records_, x);
    if (last_ == no_slot || x != after_ || is_first) {
      close_gap();
      before_ = Ring::previous(records_, x);
      was_first_ = is_first;
      // As long as its key can be read.
      if (is_first)
        leaving_firsts_.erase(firsts_.locate(x));
    }
    last_ = x;
    after_ = Ring::next(records_, x);
  }

  void close_gap() {
    // The whole ring is gone if what came before the first was the last.
    if (last_ == no_slot || std::exchange(last_, no_slot) == before_)
      return;
    Ring::join(records_, before_, after_, was_first_);
    if (was_first_)
      firsts_.insert(after_);
  }

  Records& records_;
  Firsts& firsts_;
  Refs& refs_;
  typename Records::eraser leaving_records_;
  typename Firsts::eraser leaving_firsts_;
  typename Refs::eraser leaving_refs_;
  slot before_ = no_slot;
  slot last_ = no_slot;
  slot after_ = no_slot;
  bool was_first_ = false;
};

} // namespace vigil
