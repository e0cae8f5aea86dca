#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/node_config.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>
#include <vigil/testkit/failure.hpp>
#include <vigil/testkit/runtime_node.hpp>
#include <vigil/testkit/scheduler.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace caf {

class actor_system_config;

} // namespace caf

namespace vigil::testkit {

class actor_node;

/// Some nodes, the network between them, and their time, all in one thread.
///
/// Time is virtual and passes only in calls that say so: `run_for`,
/// `run_until`, `settle`, `expect_down`, `stop`, and the calls of a front that
/// may wait. Called by the test they throw `failure` once something is found
/// wrong; they must not be called from a callback of vigil's or a handler of an
/// actor. What a node does takes no time; its
/// messages do.
///
/// Which creation, incarnation and first pid a node has, how long each message
/// takes, and who of those who can run comes next, is drawn by the seed: the
/// same seed gives the same run, in every process of the same build.
///
/// Nodes are known by the name they were started as. All last until the cluster
/// ends, also those that have stopped or were killed.
///
/// Thread-safety: none; all calls come from the thread that has called `run`.
class cluster {
public:
  /// @private
  class impl;

  /// @private
  explicit cluster(impl& content) noexcept : impl_(content) {
    // nop
  }

  cluster(const cluster&) = delete;

  cluster& operator=(const cluster&) = delete;

  // -- nodes ------------------------------------------------------------------

  /// Starts a node with a runtime `R` that is made of its `runtime_front`, anew
  /// at each restart. If `R` is a `scheduler` too, the cluster drives it.
  ///
  /// Of the configuration counts what concerns sessions and monitors; addresses
  /// and ports mean nothing here, and a `life` is that of the first life. With
  /// a `name` in it that is another than `name`, the node calls itself so: the
  /// network still knows who it is. That is how a test asks what a peer under a
  /// wrong name could do.
  ///
  /// Throws `failure` if there is a node of this name, or if the configuration
  /// is one that `node::start` would refuse.
  template <class R>
  runtime_node& start(node_name name, node_config config = {}) {
    return start_runtime(name, std::move(config), [](runtime_front front) {
      auto made = std::make_unique<R>(std::move(front));
      scheduler* driver = nullptr;
      if constexpr (std::is_base_of_v<scheduler, R>)
        driver = made.get();
      return made_runtime{std::move(made), driver};
    });
  }

  /// Starts a node whose processes are actors, in `<vigil/testkit_actors.hpp>`
  /// and the library `vigil::testkit_actors`. Each of its lives has an actor
  /// system of its own, made of what `vigil::configure` and then `configure`,
  /// if there is one, say. That announces types of messages, for example; what
  /// modules it loads are left out, CAF's middleman too. Otherwise as `start`.
  actor_node&
  start_actors(node_name name, node_config config = {},
               std::function<void(caf::actor_system_config&)> configure = {});

  // -- what happens to them ---------------------------------------------------

  /// Lets nothing through between two nodes, or in one direction, from now on.
  /// Nobody is told: each finds out by the other's silence. What is under way
  /// waits, and arrives once the way is open again.
  /// @{
  void cut(node_name x, node_name y);
  void cut_one_way(node_name from, node_name to);
  /// @}

  /// Opens the way between two nodes again, or all ways.
  /// @{
  void heal(node_name x, node_name y);
  void heal_all();
  /// @}

  /// Lets each message between two nodes take so much longer.
  void delay(node_name x, node_name y, timespan span);

  /// Resets all connections between two nodes: both notice at once.
  void drop_connection(node_name x, node_name y);

  /// Lets a node do nothing until it is resumed, as SIGSTOP does. Its
  /// connections stay, and what arrives waits.
  /// @{
  void pause(node_name x);
  void resume(node_name x);
  /// @}

  /// Shuts a node down in good order, as `node::stop` does, and waits for that.
  void stop(node_name x);

  /// Ends a node at once, as SIGKILL does: its connections are closed. From
  /// within a callback it takes effect when that has returned.
  void kill(node_name x);

  /// Ends a node, and nobody hears of it, as when its machine loses power.
  void power_off(node_name x);

  /// Starts a node again, in a new life. One that still runs is killed first.
  void restart(node_name x);

  // -- time -------------------------------------------------------------------

  /// Lets so much time pass.
  void run_for(timespan span);

  /// Lets time pass until `done()` returns true, and returns true then; or
  /// false if it has not within the limit.
  [[nodiscard]] bool run_until(const std::function<bool()>& done,
                               timespan limit = std::chrono::minutes{1});

  /// Lets everybody do what there is to do, and what is under way arrive, until
  /// all that could still happen are timers: ticks, time limits, dials that are
  /// tried again. A cut that nobody has noticed yet stays
  /// unnoticed. Checks the whole ledger then.
  void settle();

  /// Does something later, while time passes.
  void at(timespan later, std::function<void()> what);

  /// Returns the time, which is that of nodes, timers and log records too.
  time_point now() const;

  /// Returns a number from 0 to `below - 1`, drawn by the seed.
  uint64_t random(uint64_t below);

  // -- what is expected -------------------------------------------------------

  /// Throws `failure` with this text if `holds` is false. May be called from
  /// callbacks, processes and actors: the run ends then as soon as they return.
  void expect(bool holds, std::string_view text);

  /// Waits until the DOWN of `ref` has been delivered to `watcher`, unless it
  /// has been already, and everybody has done what he can do at that time.
  /// Throws `failure` if that does not happen within so long, or with another
  /// reason.
  void expect_down(const pid& watcher, reference ref, const exit_reason& reason,
                   timespan within = std::chrono::seconds{30});

  /// @private
  impl& content() noexcept {
    return impl_;
  }

  /// @private
  struct made_runtime {
    std::unique_ptr<vigil::runtime> runtime;
    scheduler* driver = nullptr;
  };

private:
  runtime_node& start_runtime(node_name name, node_config config,
                              std::function<made_runtime(runtime_front)> make);

  impl& impl_;
};

} // namespace vigil::testkit
