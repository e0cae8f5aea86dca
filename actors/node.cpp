#include <vigil/node.hpp>

#include "actors/check_configuration.hpp"
#include "actors/loop/thread_scope.hpp"
#include "actors/net/random_node_id.hpp"
#include "actors/node_impl.hpp"
#include "actors/socket_node.hpp"
#include "src/node/executor_config.hpp"

#include <caf/all.hpp>

#include <array>
#include <string>
#include <utility>

namespace vigil {

namespace {

/// Returns what a caller's actor system lacks.
error check(caf::actor_system& x) {
  if (auto why = check_options(x.config()); why.code != errc::none)
    return why;
  if (!x.has_middleman())
    return {errc::bad_argument, "the actor system has no middleman: its "
                                "configuration must go through "
                                "vigil::configure"};
  static constexpr std::array names{"vigil::hello",       "vigil::frame",
                                    "vigil::tick",        "vigil::probe",
                                    "vigil::probe_reply", "vigil::goodbye",
                                    "vigil::goodbye_ack"};
  for (auto name : names)
    if (x.types().make_value(name) == nullptr)
      return {errc::bad_argument, "the actor system does not know vigil's "
                                  "messages: its configuration must go through "
                                  "vigil::configure"};
  if (!is_random(x.node()))
    return {errc::bad_argument, "the actor system's id can be that of another: "
                                "its configuration must go through "
                                "vigil::configure, and load no middleman after "
                                "it"};
  return {errc::none, {}};
}

} // namespace

node::node(std::unique_ptr<impl> content) noexcept : impl_(std::move(content)) {
  // nop
}

node::~node() = default;

result<std::unique_ptr<node>> node::start(const node_config& config) {
  return launch(nullptr, config);
}

result<std::unique_ptr<node>> node::attach(caf::actor_system& system,
                                           const node_config& config) {
  if (auto problem = check(system); problem.code != errc::none)
    return problem;
  return launch(&system, config);
}

result<std::unique_ptr<node>> node::launch(caf::actor_system* system,
                                           const node_config& config) {
  auto problem = check(config);
  if (problem.code != errc::none)
    return problem;
  std::unique_ptr<socket_node> content;
  {
    // Has ended before a node that could not start ends.
    thread_scope scope;
    std::unique_ptr<own_system> own;
    if (system == nullptr) {
      auto made = own_system::make();
      if (!made)
        return made.failure();
      own = std::move(*made);
      system = &own->get();
    }
    content = std::make_unique<socket_node>(std::move(own), *system, config);
    problem = content->start();
  }
  if (problem.code != errc::none)
    return problem;
  return std::make_unique<node>(std::move(content));
}

void node::stop() {
  impl_->stop();
}

node_name node::name() const noexcept {
  return impl_->name();
}

creation node::life() const noexcept {
  return impl_->life();
}

uint16_t node::port() const noexcept {
  return impl_->port();
}

runtime_front node::front() const noexcept {
  return runtime_front{impl_->front()};
}

process_registry& node::processes() noexcept {
  return impl_->registry();
}

static_resolver& node::addresses() noexcept {
  return impl_->table();
}

control_plane_handle node::control_plane() const {
  return impl_->handle();
}

caf::actor_system& node::system() noexcept {
  return impl_->system();
}

} // namespace vigil
