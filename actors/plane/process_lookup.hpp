#pragma once

#include <vigil/pid.hpp>
#include <vigil/result.hpp>

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace vigil {

/// What tells which process an actor is; nothing in a node whose processes are
/// no actors. All may be called on any thread.
struct process_source {
  /// Returns the pid of an actor that is a live process.
  std::function<std::optional<pid>(const caf::actor&)> pid_of;
  /// Returns the number of the spawn that has begun last.
  std::function<uint64_t()> last_spawn;
  /// Returns whether one of the spawns up to that with this number is under
  /// way; then the function is called once when the next of all is done, on its
  /// thread.
  std::function<bool(uint64_t, const std::function<void()>&)> when_spawned;
};

/// Finds out which process of a node an actor is. One that is being spawned may
/// ask before anybody knows that it is a process: its questions wait, in their
/// order, until the spawns are done that were under way when it first asked.
/// Others go on.
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

  /// Returns whether questions of `who` wait. Whatever else it asks must wait
  /// behind them, by `find`.
  bool waits(const caf::strong_actor_ptr& who) const noexcept {
    return !waiting_.empty() && waiting_.count(who.get()) != 0;
  }

  /// Returns the pid of `who` if that is known and nothing of it waits, and so
  /// there is nothing to call back.
  std::optional<pid> known(const caf::strong_actor_ptr& who) const;

  /// Calls `then` with the pid of `who`, or with the reason why it has none, at
  /// once or from within a later call.
  void find(const caf::strong_actor_ptr& who, callback then);

  /// Looks again for those who wait.
  void retry();

  /// Tells those who wait that there will be no answer.
  void refuse(errc why);

private:
  struct questions {
    caf::strong_actor_ptr who;
    /// The last spawn that can be that of `who`.
    uint64_t last_spawn;
    std::vector<callback> then;
  };

  /// Returns the pid of `who`, or why it has none; nothing if that is not
  /// certain as long as one of these spawns is under way, and then `wake_` will
  /// be called.
  std::optional<result<pid>> look(const caf::strong_actor_ptr& who,
                                  uint64_t last_spawn) const;

  process_source source_;
  std::function<void()> wake_;
  /// By the address of who asks.
  std::map<const caf::actor_control_block*, questions> waiting_;
};

} // namespace vigil
