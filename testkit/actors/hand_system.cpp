#include "testkit/actors/hand_system.hpp"

#include <vigil/node.hpp>
#include "actors/loop/thread_scope.hpp"

namespace vigil::testkit {

hand_system::hand_system(
  hand_scheduler::driver& x, const caf::node_id& self,
  const std::function<void(caf::actor_system_config&)>& configure)
  : config_(std::make_unique<caf::actor_system_config>()) {
  vigil::configure(*config_);
  if (configure)
    configure(*config_);
  config_->module_factories.clear();
  config_->module_factories.emplace_back(
    [&x, self](caf::actor_system& system) -> caf::actor_system::module* {
      return new hand_scheduler(system, x, self);
    });
  thread_scope scope;
  system_ = std::make_unique<caf::actor_system>(*config_);
  system_->await_actors_before_shutdown(false);
}

hand_system::~hand_system() {
  if (system_->detached_actors() > 0) {
    // They would be waited for, and may never end.
    static_cast<void>(system_.release());
    static_cast<void>(config_.release());
    return;
  }
  thread_scope scope;
  system_.reset();
}

hand_scheduler& hand_system::scheduler() const noexcept {
  return static_cast<hand_scheduler&>(system_->scheduler());
}

} // namespace vigil::testkit
