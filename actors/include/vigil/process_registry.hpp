#pragma once

#include <vigil/errc.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>
#include <vigil/result.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>

#include <caf/all.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace vigil {

/// Makes actors processes of a node: each gets a pid and, if wanted, a
/// registered name. When the actor ends, for whatever reason, its name is
/// released, the node is told, and its watchers learn the reason that
/// `exit_reason_of` makes of its error. An actor that watches receives typed
/// `down` messages; `monitor_set` helps it to keep its monitors.
///
/// The registry holds a process until it ends: nobody else has to.
///
/// Whatever changes it fails with `shutdown` once the node has stopped, and
/// with `bad_argument` in a node that has a runtime of its own.
///
/// Thread-safety: all members may be called from any thread.
class process_registry final : public runtime {
public:
  /// @private Made by a node.
  process_registry();

  ~process_registry() override;

  // -- processes --------------------------------------------------------------

  /// Makes `x` a process and returns its pid. An actor that has ended already
  /// is reported at once. One that is added twice is two processes, and its own
  /// requests to the control plane are those of the second. Actors of another
  /// system of the program may be processes, but not send such requests.
  /// Errors: `name_taken`, and `bad_argument` if `x` is a handle to no actor;
  /// then `x` is no process.
  result<pid> add(const caf::actor& x,
                  const std::optional<process_name>& name = std::nullopt);

  /// Spawns an actor as a process. `f` gets the pid that the process will have
  /// and returns the actor; so the actor can know its own pid from its first
  /// step on, and there is no moment at which it runs and is not watched over.
  /// Its DOWNs, and answers to requests that do not name it as their watcher,
  /// come once `f` has returned: `f` must not wait for either. Errors: as for
  /// `add`; then `f` is not called, or has returned no actor, or, if the node
  /// stops meanwhile, the actor is told to end.
  template <class F>
  result<pid>
  spawn(F f, const std::optional<process_name>& name = std::nullopt) {
    return spawn_process(
      [&f](const pid& id) { return caf::actor_cast<caf::actor>(f(id)); }, name);
  }

  /// Returns the actor of a live process; null for any other pid.
  caf::actor find(const pid& process) const;

  /// Returns the pid of an actor that is a live process.
  std::optional<pid> pid_of(const caf::actor& x) const;

  // -- names ------------------------------------------------------------------

  /// Gives a live process a name. Errors: `noproc`, and `name_taken` if the
  /// name is given to a process or the process has a name.
  /// @see Erlang/OTP, erlang:register/2
  errc register_name(const process_name& name, const pid& process);

  /// Takes a name away. Errors: `not_registered`.
  errc unregister_name(const process_name& name);

  // -- losses -----------------------------------------------------------------

  /// Lets a live process have the DOWNs of a lost session as `down_batch`es
  /// instead of a `down` each: one for each call of `deliver`, in which some
  /// thousands can come. Errors: `noproc`.
  errc batch_losses(const pid& process);

  // -- runtime ----------------------------------------------------------------

  bool alive(const pid& process) const noexcept override;

  std::optional<pid> whereis(const process_name& name) const noexcept override;

  void deliver(const down_notice* first, size_t count) noexcept override;

  /// Does nothing: a mailbox of CAF cannot be searched. `monitor_set` drops the
  /// message when it arrives.
  void remove_down(const pid& watcher, reference ref) noexcept override;

  // -- for the node -----------------------------------------------------------

  /// @private Returns the number of the spawn that has begun last.
  uint64_t last_spawn() const;

  /// @private Returns whether one of the spawns up to that with the number
  /// `last` is under way; then `f` is called once when the next of all is done,
  /// on its thread.
  bool when_spawned(uint64_t last, const std::function<void()>& f) const;

  /// @private Gives the registry the node to report to.
  void open(const runtime_front& front);

  /// @private Takes no new processes, which are told why, and reports nothing
  /// any more; returns the live ones, ordered by pid, and forgets them.
  std::vector<caf::actor> close(const error& why);

private:
  struct state;

  result<pid> spawn_process(const std::function<caf::actor(const pid&)>& f,
                            const std::optional<process_name>& name);

  /// Takes a pid, and the name, for a process that is about to exist.
  result<pid> reserve(const std::optional<process_name>& name);

  /// Says which actor the reserved pid means; false if the registry was closed
  /// meanwhile.
  bool bind(const pid& id, const caf::actor& x);

  /// Ends a process that has never become one.
  void abandon(const pid& id);

  /// Shared with the actors that are processes, which may outlive the node.
  std::shared_ptr<state> state_;
};

} // namespace vigil
