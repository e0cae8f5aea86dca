#pragma once

#include <vigil/pid.hpp>
#include <vigil/result.hpp>

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <utility>

namespace vigil {

/// What tells which process an actor is; nothing in a node whose processes are
/// no actors. Both may be called on any thread.
struct process_source {
  /// Returns the pid of an actor that is a live process.
  std::function<std::optional<pid>(const caf::actor&)> pid_of;
  /// Returns whether processes are being spawned; then the function is called
  /// once when the next of those spawns is done, on its thread.
  std::function<bool(const std::function<void()>&)> when_spawned;
};

/// Finds out which process of a node an actor is. One that is being spawned may
/// ask before anybody knows that it is a process: its questions wait until the
/// spawn is done, in their order.
///
/// Thread-safety: none; owned by the control plane.
class process_lookup {
public:
  using callback = std::function<void(const result<pid>&)>;

  /// `wake` is called on any thread when `retry` may find more.
  process_lookup(process_source source, std::function<void()> wake)
    : source_(std::move(source)),
      wake_(std::move(wake)) {
    // nop
  }

  /// Returns the pid of `who` if that is known, nobody waits, and so there is
  /// nothing to call back.
  std::optional<pid> known(const caf::strong_actor_ptr& who);

  /// Calls `then` with the pid of `who`, or with the reason why it has none, at
  /// once or from within a later call.
  void find(const caf::strong_actor_ptr& who, callback then);

  /// Looks again for those who wait.
  void retry();

  /// Tells those who wait that there will be no answer.
  void refuse(errc why);

private:
  struct question {
    caf::strong_actor_ptr who;
    callback then;
  };

  /// Answers a question now, or leaves it as it is and returns false.
  bool answer(const question& x);

  process_source source_;
  std::function<void()> wake_;
  std::deque<question> waiting_;
};

} // namespace vigil
