#pragma once

#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/result.hpp>
#include <vigil/runtime_front.hpp>
#include <vigil/target.hpp>

#include <cstddef>
#include <memory>

namespace vigil {

/// The monitors that one actor holds. Tells a DOWN that still counts from one
/// that was flushed after it had reached the mailbox, which CAF cannot search.
///
/// The actor keeps a set in its state, and asks `accept` of every `down`
/// message before it handles it.
///
/// Thread-safety: none; owned by the actor.
class monitor_set {
public:
  /// Keeps the monitors of `self`, the pid of the owning actor.
  monitor_set(const runtime_front& front, const pid& self);

  /// One that was moved from may only be destroyed or assigned to.
  /// @{
  monitor_set(monitor_set&& other) noexcept;

  monitor_set& operator=(monitor_set&& other) noexcept;
  /// @}

  ~monitor_set();

  /// Starts to monitor `object`. Never waits; for errors see
  /// `runtime_front::try_monitor`.
  result<reference> monitor(const target& object);

  /// Ends a monitor; returns whether a live one was removed, so that no DOWN
  /// was or will be delivered. With `flush`, a DOWN that waits in the mailbox
  /// is dropped by `accept`; without, it is accepted.
  bool demonitor(reference ref, bool flush = true);

  /// Returns whether `x` is a DOWN that counts. The monitor is gone then.
  bool accept(const down& x);

  /// Removes the DOWNs that do not count from a batch; the monitors of those
  /// that do are gone then.
  void accept(down_batch& x);

  /// Returns how many monitors have neither ended nor been flushed.
  size_t size() const noexcept;

private:
  class references;

  runtime_front front_;
  pid self_;
  std::unique_ptr<references> live_;
};

} // namespace vigil
