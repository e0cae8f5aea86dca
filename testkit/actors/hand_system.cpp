#include "testkit/actors/hand_system.hpp"

#include <vigil/node.hpp>
#include "actors/loop/thread_scope.hpp"

#include <utility>
#include <vector>

namespace vigil::testkit {

namespace {

using system_with_config = std::pair<std::unique_ptr<caf::actor_system_config>,
                                     std::unique_ptr<caf::actor_system>>;

/// Returns the systems that actors with threads of their own still use.
std::vector<system_with_config>& left_to_threads() {
  static auto& result = *new std::vector<system_with_config>;
  return result;
}

} // namespace

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
    left_to_threads().emplace_back(std::move(config_), std::move(system_));
    return;
  }
  thread_scope scope;
  system_.reset();
}

hand_scheduler& hand_system::scheduler() const noexcept {
  return static_cast<hand_scheduler&>(system_->scheduler());
}

} // namespace vigil::testkit
