#pragma once

#include "testkit/actors/hand_scheduler.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/node_id.hpp>

#include <functional>
#include <memory>

namespace vigil::testkit {

/// The actor system of one life of a node: without a thread, and without
/// CAF's middleman.
class hand_system {
public:
  /// `configure` adds to the configuration, and may be null: what modules it
  /// loads are left out, as they have threads. `x` outlives this object.
  hand_system(hand_scheduler::driver& x, const caf::node_id& self,
              const std::function<void(caf::actor_system_config&)>& configure);

  /// Leaves the system to actors with threads of their own, if there are any.
  /// @pre `scheduler().end_actors()` was called
  ~hand_system();

  hand_system(const hand_system&) = delete;

  hand_system& operator=(const hand_system&) = delete;

  caf::actor_system& get() const noexcept {
    return *system_;
  }

  hand_scheduler& scheduler() const noexcept;

private:
  std::unique_ptr<caf::actor_system_config> config_;
  std::unique_ptr<caf::actor_system> system_;
};

} // namespace vigil::testkit
