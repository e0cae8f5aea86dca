#pragma once

#include <vigil/core/time_point.hpp>

#include <caf/io/network/multiplexer.hpp>
#include <caf/ref_counted.hpp>
#include <caf/resumable.hpp>

namespace vigil {

/// Keeps the thread of a multiplexer awake for a moment when more is likely to
/// come: to wake a thread that sleeps can take longer than a peer's answer. It
/// looks for work again and again, and lets other threads go first.
///
/// What is seldom followed by more soon makes it give up: from then on it tries
/// at every eighth occasion only, until it was right once.
///
/// Thread-safety: none; used in the multiplexer's thread, which shares it.
class short_spin final : public caf::ref_counted, public caf::resumable {
public:
  /// Spins for `length` at most; not at all if that is zero.
  short_spin(caf::io::network::multiplexer& loop, timespan length);

  /// Notes that something has happened, and stays awake for more.
  void start();

  // -- resumable --------------------------------------------------------------

  subtype_t subtype() const override;

  resume_result resume(caf::execution_unit* context, size_t limit) override;

  void intrusive_ptr_add_ref_impl() override;

  void intrusive_ptr_release_impl() override;

private:
  /// How often in a row it may be wrong, and how many occasions it lets pass
  /// after that.
  static constexpr int patience = 8;

  caf::io::network::multiplexer& loop_;
  timespan length_;
  time_point end_;
  bool spinning_ = false;
  int misses_ = 0;
  int skipped_ = 0;
};

} // namespace vigil
