#pragma once

#include <vigil/core/time_point.hpp>

#include <caf/io/network/multiplexer.hpp>
#include <caf/ref_counted.hpp>
#include <caf/resumable.hpp>

#include <chrono>

namespace vigil {

/// Keeps the thread of a multiplexer awake for a moment when more is likely to
/// come: to wake a thread that sleeps can take longer than a peer's answer. It
/// looks for work again and again, and lets other threads go first.
///
/// What is seldom followed by more soon makes it give up: from then on it tries
/// at every eighth occasion only, until it was right once.
///
/// Where others want the core it costs more than it saves: whoever is let go
/// first may stay for some milliseconds. It notices that by the time it was
/// away, and then sleeps like anybody else, at first for a hundredth of a
/// second, then for twice as long each time, up to a second.
///
/// Thread-safety: none; used in the multiplexer's thread, which shares it.
class short_spin final : public caf::ref_counted, public caf::resumable {
public:
  /// Lets other threads go first. Takes the time and returns the time when it
  /// is back.
  using yield_fun = time_point (*)(time_point now);

  /// Spins for `length` at most; not at all if that is zero.
  short_spin(caf::io::network::multiplexer& loop, timespan length,
             yield_fun yield = yield_thread);

  /// Notes that something has happened, and stays awake for more.
  void start();

  // -- resumable --------------------------------------------------------------

  subtype_t subtype() const override;

  resume_result resume(caf::execution_unit* context, size_t limit) override;

  void intrusive_ptr_add_ref_impl() override;

  void intrusive_ptr_release_impl() override;

private:
  /// Lets other threads of the machine go first.
  static time_point yield_thread(time_point now);

  /// Notes that others want the core.
  void rest(time_point now);

  /// How long one is away at most where nobody else has much to do.
  static constexpr timespan away_at_most{std::chrono::microseconds{100}};

  static constexpr timespan least_rest{std::chrono::milliseconds{10}};

  static constexpr timespan most_rest{std::chrono::seconds{1}};

  /// How often in a row it may be wrong, and how many occasions it lets pass
  /// after that.
  static constexpr int patience = 8;

  caf::io::network::multiplexer& loop_;
  timespan length_;
  yield_fun yield_;
  time_point end_;
  bool spinning_ = false;
  /// The last rest, zero if there was no need since; and until when.
  timespan rest_{0};
  time_point rested_;
  int misses_ = 0;
  int skipped_ = 0;
};

} // namespace vigil
