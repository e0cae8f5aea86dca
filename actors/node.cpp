#include <vigil/node.hpp>

#include <vigil/control_plane_handle.hpp>
#include <vigil/process_registry.hpp>
#include "actors/check_configuration.hpp"
#include "actors/loop/thread_scope.hpp"
#include "actors/net/connector.hpp"
#include "actors/net/endpoint.hpp"
#include "actors/net/listen.hpp"
#include "actors/net/random_node_id.hpp"
#include "actors/net/table_first.hpp"
#include "actors/own_system.hpp"
#include "actors/plane/actor_plane_port.hpp"
#include "actors/plane/control_plane_actor.hpp"
#include "actors/process_end.hpp"
#include "actors/random_bits.hpp"
#include "actors/write_log.hpp"
#include "messages/session_message.hpp"
#include "src/front/front_state.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

namespace vigil {

namespace {

/// How long a stop waits for processes that were told to shut down.
constexpr timespan process_patience{std::chrono::seconds{1}};

/// How long it waits for those whom it can do no more about: its dials, actors
/// that were killed, its actor system.
constexpr timespan stop_patience{std::chrono::milliseconds{500}};

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

error check(const node_config& x) {
  using std::chrono::milliseconds;
  if (!x.name)
    return {errc::bad_argument, "a node needs a name of the form alive@host"};
  // CAF would listen on all of them.
  if (x.bind.empty())
    return {errc::bad_address, "the address to listen on is empty"};
  if (x.net_ticktime < milliseconds{min_tick_time})
    return {errc::bad_argument,
            "net-ticktime is at least " + std::to_string(min_tick_time) + "ms"};
  if (x.net_ticktime > std::chrono::hours{24})
    return {errc::bad_argument, "net-ticktime is at most 24h"};
  if (x.net_setuptime < milliseconds{100})
    return {errc::bad_argument, "net-setuptime is at least 100ms"};
  if (x.net_setuptime > std::chrono::hours{24})
    return {errc::bad_argument, "net-setuptime is at most 24h"};
  if (x.spin < timespan{0} || x.spin > milliseconds{10})
    return {errc::bad_argument, "spin is 0 to 10ms"};
  if (x.life && !valid(*x.life))
    return {errc::bad_argument, "0 is no creation"};
  return {errc::none, {}};
}

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

class node::impl {
public:
  /// `own` holds `system`, or is null if that is the caller's.
  impl(std::unique_ptr<own_system> own, caf::actor_system& system,
       const node_config& config)
    : config_(config),
      life_(config.life.value_or(random_creation())),
      front_(std::make_shared<front_state>(config.name, life_,
                                           static_cast<uint32_t>(random_bits()),
                                           config.cancel_pairs)),
      own_system_(std::move(own)),
      system_(&system) {
    if (config_.runtime != nullptr)
      registry_.close({errc::bad_argument,
                       "the processes of this node are those "
                       "of its runtime"});
    else
      config_.runtime = &registry_;
    if (config_.addresses == nullptr)
      config_.addresses = table_;
    else
      config_.addresses = std::make_shared<table_first>(table_,
                                                        config_.addresses);
  }

  ~impl() {
    stop();
  }

  impl(const impl&) = delete;

  impl& operator=(const impl&) = delete;

  error start() {
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

  void stop() {
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

  const node_config& config() const noexcept {
    return config_;
  }

  creation life() const noexcept {
    return life_;
  }

  uint16_t port() const noexcept {
    return port_;
  }

  const std::shared_ptr<front_state>& front() const noexcept {
    return front_;
  }

  process_registry& registry() noexcept {
    return registry_;
  }

  static_resolver& table() noexcept {
    return *table_;
  }

  caf::actor_system& system() noexcept {
    return *system_;
  }

  const control_plane_handle& handle() const noexcept {
    return handle_;
  }

private:
  bool has_registry() const noexcept {
    return config_.runtime == &registry_;
  }

  control_plane_parts make_parts() const {
    control_plane_parts parts;
    parts.session.self = config_.name;
    parts.session.life = life_;
    parts.session.being = {random_bits() | 1, random_bits()};
    parts.session.tick_time = config_.net_ticktime;
    parts.session.setup_time = config_.net_setuptime;
    parts.session.seed = random_bits();
    parts.limits.max_inbound = config_.max_inbound;
    parts.front = front_;
    parts.runtime = config_.runtime;
    if (has_registry())
      parts.processes
        = {[this](const caf::actor& x) { return registry_.pid_of(x); },
           [this] { return registry_.last_spawn(); },
           [this](uint64_t last, const std::function<void()>& f) {
             return registry_.when_spawned(last, f);
           }};
    parts.endpoint = endpoint_;
    parts.connector = connector_;
    parts.session.max_backlog = config_.max_backlog;
    parts.spin = config_.spin;
    parts.log = config_.log;
    return parts;
  }

  void open_front() {
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

  /// The connector ends with its last dial, in which a caller's resolver can
  /// take its time.
  void end_actors_of_node() {
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

  /// Returns once no caller is in a callback or waits for the control plane.
  void close_front() {
    front_->queue.on_waiting(nullptr);
    std::unique_lock guard{front_->lifetime};
    front_->open = false;
    front_->runtime = nullptr;
    port_to_plane_->close();
  }

  /// After the goodbyes, so that no exit of theirs is mistaken for one before
  /// the shutdown. Actors of the caller's own system are the caller's to end.
  void end_processes() {
    if (!has_registry())
      return;
    auto actors = registry_.close({errc::shutdown, {}});
    if (own_system_)
      end_actors(actors, process_patience, stop_patience);
  }

  /// Beside the processes it may have actors of the caller's of which nobody
  /// here knows.
  void end_system() {
    if (own_system_ && !own_system::end(std::move(own_system_), stop_patience))
      write_log(config_.log, log_level::error, "left_behind", {},
                "the node has stopped, but some of its actors have not: their "
                "actor system is left to them");
  }

  node_config config_;
  creation life_;
  std::shared_ptr<front_state> front_;
  std::unique_ptr<own_system> own_system_;
  caf::actor_system* system_;
  process_registry registry_;
  std::shared_ptr<static_resolver> table_ = std::make_shared<static_resolver>();
  std::mutex stop_mutex_;
  caf::actor endpoint_;
  caf::actor connector_;
  control_plane_port control_plane_;
  /// Stays when the control plane has ended: who asks then is told so.
  control_plane_handle handle_;
  /// The front's way to it.
  std::shared_ptr<actor_plane_port> port_to_plane_;
  uint16_t port_ = 0;
};

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
  std::unique_ptr<impl> content;
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
    content = std::make_unique<impl>(std::move(own), *system, config);
    problem = content->start();
  }
  if (problem.code != errc::none)
    return problem;
  return std::unique_ptr<node>{new node(std::move(content))};
}

void node::stop() {
  impl_->stop();
}

node_name node::name() const noexcept {
  return impl_->config().name;
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
