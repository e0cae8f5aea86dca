#include "testkit/actors/actor_life.hpp"

#include <vigil/testkit/failure.hpp>
#include "actors/net/random_node_id.hpp"
#include "actors/plane/control_plane_actor.hpp"
#include "actors/process_end.hpp"
#include "actors/process_source_of.hpp"
#include "testkit/actors/asking_port.hpp"
#include "testkit/actors/life_node.hpp"
#include "testkit/actors/wire_port.hpp"

#include <caf/all.hpp>

#include <utility>
#include <variant>

namespace vigil::testkit {

namespace {

caf::behavior
asking(caf::event_based_actor* self,
       const std::function<void(caf::event_based_actor*)>& begin) {
  begin(self);
  return {};
}

} // namespace

actor_life::actor_life(cluster::impl& home, node_place& place, size_t which,
                       const configurator& configure)
  : member(home, place, which),
    alarm_(home.state.clock),
    system_(*this, drawn_node_id([&home] { return home.state.random.next(); }),
            configure),
    remotes_(home, *this),
    plane_(spawn_plane()),
    handle_(plane_),
    node_(
      std::make_unique<vigil::node>(std::make_unique<life_node>(home, *this))) {
  front()->queue.on_waiting([target = caf::actor_cast<caf::actor>(plane_)] {
    caf::anon_send(target, requests_waiting{});
  });
  seen().watch(*this);
  open(std::make_shared<asking_port>(*this));
  registry_.open(runtime_front{front()});
}

control_plane_port actor_life::spawn_plane() {
  control_plane_parts parts;
  parts.session = settings().session;
  parts.limits = settings().limits;
  parts.front = front();
  parts.runtime = &seen();
  parts.processes = process_source_of(registry_);
  parts.network = std::make_unique<wire_port>(home(), *this);
  parts.log = log();
  return system().spawn<control_plane_actor>(std::move(parts));
}

actor_life::~actor_life() = default;

const node_core& actor_life::core() const {
  auto plane = caf::actor_cast<caf::abstract_actor*>(plane_);
  return static_cast<const control_plane_actor*>(plane)->core();
}

// -- lives --------------------------------------------------------------------

actor_life* actor_life::find(const cluster::impl& home,
                             const caf::node_id& system) {
  for (auto x : home.lives())
    if (auto life = dynamic_cast<actor_life*>(x))
      if (life->system().node() == system)
        return life;
  return nullptr;
}

actor_life& actor_life::get(const cluster::impl& home, life_id id) {
  return static_cast<actor_life&>(*home.lives()[id - 1]);
}

std::optional<connection_id>
actor_life::connection_to(const member& peer) const {
  if (!seen().sees(peer.seen()))
    return std::nullopt;
  return core().sessions().connection_of(peer.front()->self);
}

// -- station ------------------------------------------------------------------

void actor_life::post(core_event x) {
  if (auto fine = std::get_if<event::connected>(&x))
    caf::anon_send(plane_, dial_success{fine->dial, fine->connection});
  else if (auto bad = std::get_if<event::dial_failed>(&x))
    caf::anon_send(plane_, dial_failure{bad->dial, bad->why});
  else if (auto gone = std::get_if<event::disconnected>(&x))
    caf::anon_send(plane_, peer_closed{gone->connection, gone->misled});
}

void actor_life::post_message(connection_id from, session_message x,
                              const frame_mark&) {
  caf::anon_send(plane_, peer_message{from, std::move(x)});
}

void actor_life::post_freight(connection_id from, freight x, life_id sender) {
  if (running())
    remotes_.take(from, x, sender);
}

// -- hand_scheduler::driver ---------------------------------------------------

vigil::time_point actor_life::actor_time() const noexcept {
  return home().state.clock.now();
}

bool actor_life::actor_waits() {
  if (!home().state.is_home("an actor was used") || !running())
    return false;
  if (!paused())
    home().wake(*this);
  return true;
}

void actor_life::message_planned() {
  if (home().state.is_home("an actor was sent something"))
    order_trigger();
}

// -- turns --------------------------------------------------------------------

bool actor_life::ready() const {
  return running() && !paused() && system_.scheduler().has_job();
}

void actor_life::run_one() {
  auto& scheduler = system_.scheduler();
  auto choice = home().state.random.below(scheduler.jobs.size());
  home().set_in_handler(true);
  scheduler.run_one(choice);
  home().set_in_handler(false);
  order_trigger();
}

void actor_life::look() {
  if (running() && system().detached_actors() > 0)
    home().state.fail(label()
                      + ": an actor has a thread of its own (`detached`, or a"
                        " blocking actor), but a cluster has only that of the"
                        " test");
  if (!running() || paused())
    return;
  system_.scheduler().trigger();
  if (ready())
    home().wake(*this);
  order_trigger();
}

void actor_life::order_trigger() {
  alarm_.set(system_.scheduler().clock().next_due(), [this] { look(); });
}

error actor_life::ask(std::function<void(caf::event_based_actor*)> begin,
                      const std::function<bool()>& done, timespan limit) {
  if (!home().may_wait("what asks an actor"))
    return {errc::busy, {}};
  if (!running())
    return {errc::shutdown, {}};
  system().spawn(asking, std::move(begin));
  home().wait([&] { return done() || !running(); }, limit);
  if (done())
    return {errc::none, {}};
  return {running() ? errc::busy : errc::shutdown, {}};
}

caf::strong_actor_ptr actor_life::remote(const caf::strong_actor_ptr& x) {
  if (x == nullptr)
    throw failure{"a handle to no actor has no node"};
  if (x->node() == system().node())
    return x;
  auto there = find(home(), x->node());
  if (there == nullptr)
    throw failure{"the actor is of no node of this cluster"};
  if (!connection_to(*there)) {
    auto result = runtime_front{front()}.connect(there->front()->self);
    if (!result)
      throw failure{"there is no connection from " + label() + " to "
                    + there->label() + ": " + to_string(result.failure())};
  }
  // It is published by that.
  if (there->running())
    there->system().registry().put(x->id(), x);
  return remotes_.find(x->node(), x->id());
}

// -- runtime ------------------------------------------------------------------

bool actor_life::alive(const pid& process) const noexcept {
  return registry_.alive(process);
}

std::optional<pid> actor_life::whereis(const process_name& x) const noexcept {
  return registry_.whereis(x);
}

void actor_life::deliver(const down_notice* first, size_t count) noexcept {
  registry_.deliver(first, count);
}

void actor_life::remove_down(const pid& watcher, reference ref) noexcept {
  registry_.remove_down(watcher, ref);
}

void actor_life::on_node_event(const node_event& x) noexcept {
  for (auto y : home().lives()) {
    auto there = dynamic_cast<actor_life*>(y);
    if (there == nullptr || there->front()->self != x.peer)
      continue;
    // Which life of the peer went down is not said: it is the only one of which
    // there can be proxies.
    if (!x.up)
      remotes_.went_down(*there);
    else if (seen().sees(there->seen()))
      remotes_.came_up(*there);
  }
}

// -- ends ---------------------------------------------------------------------

void actor_life::stop() {
  front()->queue.close();
  auto over = [this] { home().do_outside([this] { end_processes(); }); };
  auto begin = [over, plane = plane_](caf::event_based_actor* self) {
    self->request(plane, caf::infinite, stop_order{})
      .then([over](unit) { over(); }, [over](const caf::error&) { over(); });
  };
  system().spawn(asking, begin);
}

void actor_life::end_processes() {
  ending_ = registry_.close({errc::shutdown, {}});
  num_ending_ = ending_.size();
  if (ending_.empty())
    return stop_is_over();
  for (const auto& x : ending_)
    x->attach_functor([this](const caf::error&) {
      if (--num_ending_ == 0)
        home().do_outside([this] { stop_is_over(); });
    });
  tell_processes(caf::exit_reason::user_shutdown);
  auto& clock = home().state.clock;
  clock.wake_at(clock.after(process_patience),
                [this] { tell_processes(caf::exit_reason::kill); });
  clock.wake_at(clock.after(process_patience + stop_patience),
                [this] { stop_is_over(); });
}

void actor_life::tell_processes(caf::exit_reason reason) {
  for (const auto& x : ending_)
    caf::anon_send_exit(x, reason);
}

void actor_life::stop_is_over() {
  if (!running())
    return;
  home().state.note([this] { return label() + "  has stopped"; });
  end();
  home().network.vanish(*this, false);
}

void actor_life::ended() {
  // Held, so that nothing of theirs runs before all is over.
  ending_ = registry_.close({errc::shutdown, {}});
  system_.scheduler().close();
}

void actor_life::let_go() {
  // Others may hold the front for longer.
  front()->queue.on_waiting(nullptr);
  remotes_.clear();
  system_.scheduler().end_actors();
  ending_.clear();
  node_.reset();
  handle_ = control_plane_handle{};
  plane_ = control_plane_port{};
}

} // namespace vigil::testkit
