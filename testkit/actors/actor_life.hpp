#pragma once

#include <vigil/control_plane_handle.hpp>
#include <vigil/node.hpp>
#include <vigil/process_registry.hpp>
#include <vigil/resolver.hpp>
#include "actors/plane/control_plane_port.hpp"
#include "testkit/actors/hand_system.hpp"
#include "testkit/actors/remote_actors.hpp"
#include "testkit/cluster_impl.hpp"
#include "testkit/member.hpp"
#include "testkit/net/alarm.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace vigil::testkit {

/// One life of a node whose processes are actors: a real front, a real control
/// plane actor and a real registry, in an actor system that runs when the
/// cluster gives it a turn.
class actor_life final : public member,
                         private vigil::runtime,
                         private hand_scheduler::driver {
public:
  using configurator = std::function<void(caf::actor_system_config&)>;

  actor_life(cluster::impl& home, node_place& place, size_t which,
             const configurator& configure);

  ~actor_life() override;

  // -- lives ------------------------------------------------------------------

  /// Returns the life in whose actor system the actors of `system` are; null if
  /// there is none.
  static actor_life* find(const cluster::impl& home,
                          const caf::node_id& system);

  /// Returns the life with this number, which lasts as long as the cluster.
  /// @pre it is a life with actors
  static actor_life& get(const cluster::impl& home, life_id id);

  // -- for its node -----------------------------------------------------------

  vigil::node& node() const noexcept {
    return *node_;
  }

  caf::actor_system& system() const noexcept {
    return system_.get();
  }

  process_registry& registry() noexcept {
    return registry_;
  }

  static_resolver& addresses() noexcept {
    return addresses_;
  }

  const control_plane_handle& control_plane() const noexcept {
    return handle_;
  }

  /// Lets an actor begin a request, and runs the cluster until `done` says that
  /// it has its answer, but for `limit` at most. Errors: `busy` where nothing
  /// may wait, or if the limit is over; `shutdown` if the life has ended.
  error ask(std::function<void(caf::event_based_actor*)> begin,
            const std::function<bool()>& done, timespan limit);

  /// Returns a handle of this life for an actor of any. Connects first if need
  /// be, and throws `failure` if that fails.
  caf::strong_actor_ptr remote(const caf::strong_actor_ptr& x);

  /// Returns the connection of the session with `peer`, if one is up.
  std::optional<connection_id> connection_to(const member& peer) const;

  // -- station ----------------------------------------------------------------

  void post(core_event x) override;
  void post_message(connection_id from, session_message x,
                    const frame_mark& mark) override;
  void post_freight(connection_id from, freight x, life_id sender) override;

  // -- member -----------------------------------------------------------------

  bool ready() const override;
  void run_one() override;
  void look() override;
  void stop() override;
  void let_go() override;
  const node_core& core() const override;

private:
  void ended() override;

  // -- hand_scheduler::driver -------------------------------------------------

  vigil::time_point actor_time() const noexcept override;
  bool actor_waits() override;
  void message_planned() override;

  // -- runtime: the registry, and a look at the nodes -------------------------

  bool alive(const pid& process) const noexcept override;
  std::optional<pid> whereis(const process_name& x) const noexcept override;
  void deliver(const down_notice* first, size_t count) noexcept override;
  void remove_down(const pid& watcher, reference ref) noexcept override;
  void on_node_event(const node_event& x) noexcept override;

  // -- setting up and ending --------------------------------------------------

  control_plane_port spawn_plane();

  /// The control plane has ended in good order: so must the processes.
  void end_processes();

  void tell_processes(caf::exit_reason reason);

  void stop_is_over();

  /// Wakes up when something is due.
  void order_trigger();

  /// Rings when something is due for an actor.
  alarm alarm_;
  process_registry registry_;
  static_resolver addresses_;
  hand_system system_;
  remote_actors remotes_;
  control_plane_port plane_;
  control_plane_handle handle_;
  std::unique_ptr<vigil::node> node_;
  /// The processes that were there when the end of the life began, and how many
  /// of them have not ended that were told to shut down.
  std::vector<caf::actor> ending_;
  size_t num_ending_ = 0;
};

} // namespace vigil::testkit
