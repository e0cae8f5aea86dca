#pragma once

#include <vigil/core/control_effect.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/notices.hpp>
#include "src/node/exit_check.hpp"
#include "src/session/network_effect.hpp"

namespace vigil {

/// What a node executor asks of the world around it: a clock, a network, a
/// place to come back from, and people who read notes.
///
/// Every call comes from within a call to the executor, on the same thread, and
/// must not step the executor again: what follows from it comes later. Nothing
/// here may throw, other than in a simulator that gives up.
class node_host {
public:
  virtual ~node_host() = default;

  /// Returns the time; it never goes back.
  virtual time_point now() = 0;

  // -- the network ------------------------------------------------------------

  /// Dials a node; `event::connected` or `event::dial_failed` follows.
  virtual void dial(const effect::dial& x) = 0;

  /// Sends a message, which is the host's to move from.
  virtual void transmit(effect::transmit& x) = 0;

  /// Closes a connection; nothing follows.
  virtual void hang_up(const effect::hang_up& x) = 0;

  // -- coming back ------------------------------------------------------------

  /// Calls `node_executor::on_timer` with `due` at that time, which may have
  /// passed, and not from within this call. Earlier orders need not be
  /// withdrawn: the executor ignores those that it has given up.
  virtual void wake_at(time_point due) = 0;

  /// Calls `node_executor::resume` after what waits already.
  virtual void resume_later() = 0;

  /// Calls `node_executor::on_slice` after what waits already.
  virtual void slice_later() = 0;

  /// Notes that a step is over: its effects are executed, its wake-up is
  /// ordered. Requests that waited for room are granted after this, in further
  /// steps.
  virtual void stepped() = 0;

  /// Notes that the orderly shutdown is complete and answered. The executor
  /// wants nothing any more once the present call to it has returned.
  virtual void stopped() = 0;

  // -- notes ------------------------------------------------------------------

  /// A session has come up or ended, for whoever has subscribed to that beside
  /// the runtime, which knows already.
  virtual void announce(const node_event&) {
    // nop: not every host has subscribers
  }

  // -- notes, for people ------------------------------------------------------

  /// A session is up; the runtime does not know yet.
  virtual void note(const effect::node_up& x) = 0;

  /// A session is down, all its DOWNs are delivered, and the runtime does not
  /// know yet.
  virtual void note(const effect::node_down& x) = 0;

  /// A session that was asked for did not come up; who waits for it is told
  /// next.
  virtual void note(const effect::connect_failed& x) = 0;

  /// A peer is silent for longer than it should be.
  virtual void note(const effect::ticks_missed& x) = 0;

  /// The runtime has reported the end of a process wrongly.
  virtual void note(const exit_fault& x) = 0;
};

} // namespace vigil
