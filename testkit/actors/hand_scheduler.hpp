#pragma once

#include "testkit/actors/hand_clock.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/execution_unit.hpp>
#include <caf/node_id.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <cstddef>
#include <map>

namespace vigil::testkit {

/// Runs the actors of one node: one message of one of them at a time, in an
/// order that somebody else chooses, under a clock that somebody else sets.
///
/// Thread-safety: none; what other threads do to its actors is reported and has
/// no effect.
class hand_scheduler final : public caf::scheduler::test_coordinator {
public:
  /// Whoever chooses.
  class driver : public hand_clock::driver {
  public:
    /// An actor can run. Returns false if it must not, because this is another
    /// thread, or because it is all over.
    virtual bool actor_waits() = 0;
  };

  /// Lets `system` have the id `self`. `x` outlives the system.
  hand_scheduler(caf::actor_system& system, driver& x, caf::node_id self);

  /// Gives the one with this number of `jobs` a turn.
  void run_one(size_t choice);

  /// Hands over what is due.
  void trigger();

  /// Lets nobody run any more.
  void close();

  /// Ends all actors that are there, without running a handler of theirs or
  /// telling anybody: what they know may be gone. They may hold each other.
  void end_actors();

  hand_clock& clock() noexcept override {
    return clock_;
  }

protected:
  void start() override;
  void stop() override;
  void enqueue(caf::resumable* x) override;

private:
  /// What an actor knows as the thread that it runs in.
  class unit final : public caf::execution_unit {
  public:
    unit(caf::actor_system& system, hand_scheduler& home)
      : execution_unit(&system),
        home_(home) {
      // nop
    }

    void exec_later(caf::resumable* x) override {
      home_.enqueue(x);
    }

  private:
    hand_scheduler& home_;
  };

  /// Notes an actor before its first turn.
  void meet(caf::resumable& x);

  void forget_destroyed();

  void end_actor(caf::scheduled_actor& x);

  driver& driver_;
  const caf::node_id self_;
  hand_clock clock_;
  unit unit_;
  bool closed_ = false;
  /// Who has had a turn, or is to have one, and has not ended.
  std::map<caf::actor_id, caf::weak_actor_ptr> actors_;
  /// At how many it looks who of them are gone.
  size_t sweep_at_ = 64;
};

} // namespace vigil::testkit
