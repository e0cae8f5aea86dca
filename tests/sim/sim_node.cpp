// What happens to a simulated node and how it steps its core. What follows from
// a step is in sim_node_effects.cpp.

#include "tests/sim/sim_node.hpp"

#include <algorithm>
#include <utility>

namespace vigil::sim {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// No run asks more of a node than this.
constexpr uint64_t max_steps_in_second = 20000;

/// Times that a timer may be due in a row without anything to do.
constexpr uint64_t max_idle_timers = 20;

} // namespace

sim_node::sim_node(sim_context& context, wire_network& network,
                   const sim_node_traits& traits)
  : context_(context),
    network_(network),
    traits_(traits),
    id_(context.truth.begin_life(traits.session.self)),
    monitors_(context.truth),
    runtime_(context, traits.session.self, traits.session.life),
    core_(traits.session, traits.limits),
    pids_(traits.session.self, traits.session.life, traits.first_pid),
    meddler_(context) {
  if (context.has(bug::exit_sender_unchecked))
    core_.on_received([this](event::received& x) { forget_sender(x); });
  note("begins, creation " + std::to_string(to_integer(traits.session.life)));
}

void sim_node::forget_sender(event::received& x) {
  auto exit = std::get_if<monitor_p_exit>(&x.message);
  if (exit == nullptr)
    return;
  // As if only watcher and reference were compared.
  for (auto& held : core_.plane().monitors(exit->watcher))
    if (held.ref == exit->ref && sees(node_of(held.object))) {
      exit->object = held.object;
      x.peer = node_of(held.object);
    }
}

std::string sim_node::label() const {
  return std::string{name().alive()} + '/' + std::to_string(id_);
}

void sim_node::note(const std::string& what) {
  context_.note([&] { return label() + "  " + what; });
}

// -- what its processes do ----------------------------------------------------

pid sim_node::spawn() {
  auto x = pids_.next();
  runtime_.add(x);
  context_.truth.begin_process(id_, x);
  return x;
}

void sim_node::exit(const pid& x) {
  runtime_.remove(x);
  auto reason = context_.truth.end_process(x);
  context_.note([&] {
    return label() + "  " + to_string(x) + " ends: " + to_string(reason);
  });
  monitors_.watcher_ended(x);
  push(event::process_exited{x, reason});
}

void sim_node::give_name(const pid& x, const process_name& name) {
  if (!runtime_.give_name(x, name))
    return;
  context_.truth.give_name(x, name);
  context_.note(
    [&] { return label() + "  " + to_string(x) + " is now " + name.str(); });
}

void sim_node::take_name(const process_name& name) {
  if (!runtime_.take_name(name))
    return;
  context_.truth.take_name(id_, name);
  context_.note([&] { return label() + "  nobody is " + name.str(); });
}

void sim_node::monitor(const pid& watcher, const target& object) {
  auto ref = references_.next();
  gate_.open(*ref, watcher);
  monitors_.made(*ref, watcher, object, context_.clock.now());
  context_.note([&] {
    return label() + "  " + to_string(watcher) + " monitors "
           + to_string(object) + ' ' + to_string(*ref);
  });
  push(event::monitor{watcher, object, *ref});
}

void sim_node::demonitor(const pid& watcher, reference ref, bool as_actor) {
  auto close = [this, watcher, ref](bool at_once) {
    // No thread can wait here; whoever waits learns the same a little later.
    auto won = gate_.close(ref, watcher, false) == gate::closing::won;
    monitors_.demonitored(ref, watcher, won);
    context_.note([&] {
      return label() + "  " + to_string(watcher) + " demonitors "
             + to_string(ref) + (won ? ": true" : ": false");
    });
    if (!won || context_.has(bug::demonitor_swallowed))
      return;
    if (losing_ && context_.has(bug::demonitor_lost_in_loss)) {
      // As if all DOWNs of the loss had passed the gate at its beginning.
      gate_.open(ref, watcher);
      return;
    }
    if (at_once)
      step(event::demonitor{watcher, ref});
    else
      push(event::demonitor{watcher, ref});
  };
  // An actor knows its reference only after the core has taken the request.
  if (as_actor && monitors_.fact(ref).taken != never)
    enqueue([close] { close(true); });
  else
    close(false);
}

// -- what people do -----------------------------------------------------------

void sim_node::connect(node_name peer, bool keep) {
  note((keep ? "keep connected " : "connect ") + to_string(peer));
  enqueue([this, peer, keep] { step(event::connect{peer, keep}); });
}

void sim_node::disconnect(node_name peer) {
  note("disconnect " + to_string(peer));
  enqueue([this, peer] { step(event::disconnect{peer}); });
}

void sim_node::sync(node_name peer) {
  enqueue([this, peer] {
    // All that was asked for before belongs to it.
    drain_requests();
    auto token = ++last_sync_;
    syncs_[token] = {peer, context_.truth.happens(), context_.clock.now()};
    step(event::sync{peer, token});
  });
}

void sim_node::stop() {
  note("stops");
  enqueue([this] {
    if (stopping_)
      return;
    drain_requests();
    stopping_ = true;
    stop_deadline_ = context_.clock.now() + traits_.session.goodbye_time
                     + seconds{1};
    context_.clock.at(stop_deadline_, [this] {
      if (running_ && !paused())
        throw violation(label() + " does not come to its end");
    });
    step(event::stop{});
  });
}

void sim_node::pause(timespan span) {
  context_.sky.disturb(place(), context_.clock.now());
  note("is paused");
  paused_until_ = context_.clock.now() + span;
  context_.clock.at(paused_until_, [this] {
    if (running_ && !paused())
      note("goes on");
    context_.sky.disturb(place(), context_.clock.now());
  });
}

void sim_node::resume() {
  if (paused()) {
    context_.sky.disturb(place(), context_.clock.now());
    paused_until_ = context_.clock.now();
    scheduled_ = false;
    schedule_run();
  }
}

void sim_node::crash(bool silently) {
  note(silently ? "dies unnoticed" : "dies");
  context_.sky.disturb(place(), context_.clock.now());
  end_life(silently);
}

void sim_node::end_life(bool silently) {
  running_ = false;
  inbox_.clear();
  context_.truth.end_life(id_);
  network_.vanish(*this, silently);
}

void sim_node::lie(sim_node& peer) {
  auto mine = runtime_.all();
  // Another node of that name is not to be lied to by mistake.
  if (mine.empty() || !sees(peer.name())
      || lives_up_[peer.name()] != peer.config().life)
    return;
  for (const auto& x : peer.monitors().facts()) {
    if (!x.pending() || node_of(x.object) == name()
        || context_.random.chance(500))
      continue;
    context_.log.count("forged exit");
    context_.sky.disturb(place(), peer.place(), context_.clock.now());
    note("lies about " + to_string(x.ref) + " of " + peer.label());
    core_.links().send(peer.name(),
                       monitor_p_exit{mine.front(), x.watcher, x.ref,
                                      *exit_reason::atom("a lie")});
    begin();
    finish();
    return;
  }
}

// -- inbox --------------------------------------------------------------------

void sim_node::post(core_event x) {
  enqueue([this, x = std::move(x)] {
    // A harness that is to lose timers must not lose anything else.
    step(x);
  });
}

void sim_node::post_message(connection_id from, session_message x,
                            const frame_mark& mark) {
  enqueue([this, from, x = std::move(x), mark] { receive(from, x, mark); });
}

void sim_node::enqueue(std::function<void()> what) {
  if (!running_)
    return;
  inbox_.push_back(std::move(what));
  schedule_run();
}

void sim_node::schedule_run() {
  if (scheduled_ || inbox_.empty())
    return;
  scheduled_ = true;
  auto when = context_.clock.now() + microseconds{context_.random.below(100)};
  context_.clock.at(std::max(when, paused_until_), [this] { run_inbox(); });
}

void sim_node::run_inbox() {
  if (!running_ || !scheduled_)
    return;
  scheduled_ = false;
  if (paused())
    return schedule_run();
  auto count = inbox_.size();
  while (count-- > 0 && running_ && !inbox_.empty()) {
    auto what = std::move(inbox_.front());
    inbox_.pop_front();
    what();
  }
  schedule_run();
}

void sim_node::push(request x) {
  requests_.push_back(std::move(x));
  // As the queue of the front does: one wake-up for as many as gather.
  if (requests_.size() == 1)
    enqueue([this] { drain_requests(); });
}

void sim_node::drain_requests() {
  if (requests_.empty())
    return;
  auto requests = std::exchange(requests_, {});
  begin();
  for (auto& x : requests)
    apply_request(x);
  finish();
}

void sim_node::apply_request(request& x) {
  if (auto made = std::get_if<event::monitor>(&x))
    monitors_.taken(made->ref);
  if (auto exited = std::get_if<event::process_exited>(&x)) {
    const auto& plane = core_.plane();
    auto watched = !plane.monitored_by(exited->process).empty();
    if (watched && owing_ && !stopping_)
      owing_(*this, exited->process);
    if (!watched && context_.has(bug::watcher_end_ignored))
      return;
  }
  std::visit([this](auto& y) { apply(std::move(y)); }, x);
}

// -- stepping -----------------------------------------------------------------

void sim_node::step(const core_event& what) {
  begin();
  apply(what);
  finish();
}

void sim_node::begin() {
  auto now = context_.clock.now();
  ++context_.steps;
  if (now - second_start_ >= seconds{1}) {
    second_start_ = now;
    steps_in_second_ = 0;
  }
  if (++steps_in_second_ > max_steps_in_second)
    throw violation(label() + " never rests");
  core_.begin(now);
}

void sim_node::apply(const core_event& what) {
  core_.apply(what, runtime_, effects_);
}

void sim_node::receive(connection_id from, session_message x,
                       const frame_mark& mark) {
  context_.note([&] {
    return label() + "  <- " + std::to_string(static_cast<uint64_t>(from)) + ' '
           + to_string(x);
  });
  auto content = std::get_if<frame>(&x);
  if (content == nullptr)
    return step(event::arrived{from, std::move(x)});
  if (auto other = meddler_.meddle(*content, mark))
    receive_frame(from, std::move(other->first), other->second);
  receive_frame(from, std::move(*content), mark);
}

void sim_node::receive_frame(connection_id from, frame x,
                             const frame_mark& mark) {
  auto before = core_.plane().counters().received;
  begin();
  apply(event::arrived{from, std::move(x)});
  if (core_.plane().counters().received != before)
    context_.sessions.applied(id_, monitors_.epoch(mark.name), mark);
  finish();
}

void sim_node::schedule_wake() {
  auto wake = core_.next_wake();
  if (!wake || (scheduled_wake_ && *scheduled_wake_ <= *wake))
    return;
  if (scheduled_wake_ && context_.has(bug::timer_lost))
    return;
  scheduled_wake_ = wake;
  auto due = std::max(*wake, context_.clock.now());
  if (context_.random.chance(500))
    due += microseconds{context_.random.below(2000)};
  context_.clock.at(due, [this, when = *wake] {
    enqueue([this, when] { on_timer(when); });
  });
}

void sim_node::on_timer(time_point due) {
  // An earlier time has been asked for since: that timer goes on.
  if (scheduled_wake_ != due)
    return;
  scheduled_wake_.reset();
  begin();
  apply(event::timer{});
  auto idle = effects_.empty();
  finish();
  // Waking up for nothing happens when a deadline was moved; again and again
  // with the time that it has become it must not.
  auto wake = core_.next_wake();
  if (idle && wake && *wake <= context_.clock.now())
    ++idle_timers_;
  else
    idle_timers_ = 0;
  if (idle_timers_ > max_idle_timers)
    throw violation(label() + " keeps waking up with nothing to do");
}

} // namespace vigil::sim
