#include "actors/socket_node.hpp"

#include "actors/loop/thread_scope.hpp"
#include "actors/net/connector.hpp"
#include "actors/net/endpoint.hpp"
#include "actors/net/endpoint_network.hpp"
#include "actors/net/listen.hpp"
#include "actors/net/table_first.hpp"
#include "actors/plane/control_plane_actor.hpp"
#include "actors/plane/plane_messages.hpp"
#include "actors/process_end.hpp"
#include "actors/process_source_of.hpp"
#include "actors/random_bits.hpp"
#include "src/node/executor_config.hpp"
#include "src/node/node_log.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <chrono>
#include <utility>

namespace vigil {

namespace {

/// Waits until `x` has ended, but for `stop_patience` at most.
void await_end(caf::scoped_actor& self, const caf::actor& x) {
  self->monitor(x);
  self->receive([](const caf::down_msg&) {},
                caf::after(stop_patience) >> [] {});
}

creation random_creation() {
  auto result = static_cast<uint32_t>(random_bits());
  return creation{result != 0 ? result : 1};
}

} // namespace

socket_node::socket_node(std::unique_ptr<own_system> own,
                         caf::actor_system& system, const node_config& config)
  : config_(config),
    life_(config.life.value_or(random_creation())),
    front_(std::make_shared<front_state>(config.name, life_,
                                         static_cast<uint32_t>(random_bits()),
                                         config.cancel_pairs)),
    own_system_(std::move(own)),
    system_(&system) {
  if (config_.runtime != nullptr)
    registry_.close({errc::bad_argument, "the processes of this node are those "
                                         "of its runtime"});
  else
    config_.runtime = &registry_;
  if (config_.addresses == nullptr)
    config_.addresses = table_;
  else
    config_.addresses = std::make_shared<table_first>(table_,
                                                      config_.addresses);
}

socket_node::~socket_node() {
  stop();
}

error socket_node::start() {
  endpoint_ = endpoint::spawn(*system_);
  connector_ = system_->spawn<vigil::connector>(config_.addresses, endpoint_);
  control_plane_ = system_->spawn<control_plane_actor>(make_parts());
  handle_ = control_plane_handle{control_plane_};
  caf::anon_send(endpoint_, control_plane_hello{
                              caf::actor_cast<caf::actor>(control_plane_)});
  open_front();
  auto port = listen(*system_, endpoint_, config_.port, config_.bind);
  if (!port)
    return port.failure();
  port_ = *port;
  return {errc::none, {}};
}

void socket_node::stop() {
  std::lock_guard guard{stop_mutex_};
  if (!control_plane_)
    return;
  front_->queue.close();
  {
    thread_scope scope;
    end_actors_of_node();
    close_front();
    end_processes();
  }
  end_system();
}

control_plane_parts socket_node::make_parts() const {
  control_plane_parts parts;
  auto settings = executor_config_of(
    config_, life_, {random_bits() | 1, random_bits()}, random_bits());
  parts.session = settings.session;
  parts.limits = settings.limits;
  parts.front = front_;
  parts.runtime = config_.runtime;
  if (has_registry())
    parts.processes = process_source_of(registry_);
  parts.network = std::make_unique<endpoint_network>(*system_, endpoint_,
                                                     connector_);
  parts.spin = config_.spin;
  parts.log = config_.log;
  return parts;
}

void socket_node::open_front() {
  port_to_plane_ = std::make_shared<actor_plane_port>(
    *system_, control_plane_, system_->middleman().backend().thread_id());
  front_->plane = port_to_plane_;
  {
    std::unique_lock guard{front_->lifetime};
    front_->open = true;
    front_->runtime = config_.runtime;
  }
  front_->queue.on_waiting(
    [target = caf::actor_cast<caf::actor>(control_plane_)] {
      caf::anon_send(target, requests_waiting{});
    });
  if (has_registry())
    registry_.open(runtime_front{front_});
}

void socket_node::end_actors_of_node() {
  caf::scoped_actor self{*system_};
  // Whether it answers or is gone already: either is the end.
  self->request(control_plane_, caf::infinite, stop_order{})
    .receive([](unit) {}, [](const caf::error&) {});
  self->wait_for(control_plane_);
  // What `middleman::unpublish` does, but not for longer than it may take: an
  // actor does it, which may need a worker.
  if (port_ != 0)
    self
      ->request(system_->middleman().actor_handle(), stop_patience,
                caf::unpublish_atom_v, endpoint_.address(), port_)
      .receive([] {}, [](const caf::error&) {});
  self->send_exit(connector_, caf::exit_reason::user_shutdown);
  await_end(self, connector_);
  self->send(endpoint_, endpoint_stop{});
  self->wait_for(endpoint_);
  control_plane_ = control_plane_port{};
  connector_ = {};
  endpoint_ = {};
}

void socket_node::close_front() {
  front_->queue.on_waiting(nullptr);
  std::unique_lock guard{front_->lifetime};
  front_->open = false;
  front_->runtime = nullptr;
  port_to_plane_->close();
}

void socket_node::end_processes() {
  if (!has_registry())
    return;
  auto actors = registry_.close({errc::shutdown, {}});
  if (own_system_)
    end_actors(actors, process_patience, stop_patience);
}

void socket_node::end_system() {
  if (own_system_ && !own_system::end(std::move(own_system_), stop_patience))
    node_log{config_.log, [] { return std::chrono::system_clock::now(); }}
      .write(log_level::error, "left_behind", {},
             "the node has stopped, but some of its actors have not: their "
             "actor system is left to them");
}

} // namespace vigil
