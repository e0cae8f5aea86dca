// What happens to a simulated node. What it does for its executor is in
// sim_node_host.cpp.

#include "tests/sim/sim_node.hpp"

#include "src/front/note_target.hpp"

#include <algorithm>
#include <utility>

namespace vigil::sim {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Times that a timer may be due in a row without anything to do.
constexpr uint64_t max_idle_timers = 20;

} // namespace

sim_node::sim_node(sim_context& context, testkit::wire_network& network,
                   const sim_node_traits& traits)
  : context_(context),
    network_(network),
    traits_(traits),
    id_(context.truth.begin_life(traits.session.self)),
    monitors_(context.truth),
    runtime_(
      context, traits.session.self, traits.session.life,
      [this](const down_notice* first, size_t count) { deliver(first, count); },
      [this](const node_event& x) { hear(x); }),
    front_(traits.session.self, traits.session.life, traits.first_pid,
           traits.cancels_pairs),
    meddler_(context),
    executor_({traits.session, traits.limits}, front_, runtime_, *this, this) {
  if (context.has(bug::exit_sender_unchecked))
    executor_.core().on_received(
      [this](event::received& x) { forget_sender(x); });
  front_.open = true;
  front_.runtime = &runtime_;
  front_.queue.on_waiting(
    [this] { enqueue([this] { executor_.on_requests(); }); });
  note("begins, creation " + std::to_string(to_integer(traits.session.life)));
}

std::string sim_node::label() const {
  return std::string{name().alive()} + '/' + std::to_string(id_);
}

void sim_node::note(const std::string& what) {
  context_.note([&] { return label() + "  " + what; });
}

// -- what its processes do ----------------------------------------------------

pid sim_node::spawn() {
  auto x = front_.pids.next();
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
  if (context_.has(bug::watcher_end_ignored)
      && core().plane().monitored_by(x).empty())
    return;
  // A node that stops takes no more of them.
  static_cast<void>(front_.queue.push_exit({x, reason}));
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
  auto ref = front_.references.next();
  front_.gate.open(*ref, watcher);
  monitors_.made(*ref, watcher, object, context_.clock.now());
  context_.note([&] {
    return label() + "  " + to_string(watcher) + " monitors "
           + to_string(object) + ' ' + to_string(*ref);
  });
  if (node_of(object) != name()) {
    hand_over({watcher, object, *ref});
    return;
  }
  monitors_.calls(*ref);
  if (context_.has(bug::asked_too_early))
    ask_and_hand_over({watcher, object, *ref});
  else if (hand_over({watcher, object, *ref}))
    later([this, ref = *ref, object] { note_what_is_seen(ref, object); });
}

bool sim_node::hand_over(const event::monitor& x) {
  auto outcome = front_.queue.push_monitor(x, false, front_.board);
  if (outcome == errc::none)
    return true;
  // It must not be busy: no run asks for so much.
  if (outcome != errc::shutdown)
    throw violation(label() + " refuses " + to_string(x.ref));
  front_.gate.forget(x.ref);
  monitors_.retired(x.ref, true);
  return false;
}

void sim_node::later(std::function<void()> what) {
  if (context_.random.chance(500))
    return what();
  auto when = context_.clock.now() + microseconds{context_.random.below(300)};
  context_.clock.at(std::max(when, paused_until_),
                    [this, what = std::move(what)] {
                      if (running_)
                        what();
                    });
}

void sim_node::note_what_is_seen(reference ref, const target& object) {
  if (!context_.has(bug::note_forgotten))
    note_target(front_, object, ref);
  monitors_.returned(ref, seen_here(object));
}

void sim_node::ask_and_hand_over(const event::monitor& x) {
  auto seen = seen_here(x.object);
  later([this, x, seen] {
    if (!hand_over(x))
      return;
    if (!std::holds_alternative<pid>(x.object))
      front_.gate.note_named(x.ref, seen);
    else if (seen)
      front_.gate.note_alive(x.ref);
    monitors_.returned(x.ref, seen_here(x.object));
  });
}

std::optional<pid> sim_node::seen_here(const target& object) const {
  if (auto named = std::get_if<named_target>(&object))
    return runtime_.whereis(named->name);
  const auto& process = std::get<pid>(object);
  // Not the truth: another life of the node can have a process of that pid.
  if (process.life != config().life || !runtime_.alive(process))
    return std::nullopt;
  return process;
}

void sim_node::demonitor(const pid& watcher, reference ref, bool as_actor) {
  if (monitors_.fact(ref).calling)
    return;
  auto harmed = context_.has(bug::demonitor_swallowed)
                || context_.has(bug::demonitor_lost_in_loss);
  // An actor knows its reference only after the core has taken the request.
  if (as_actor && !harmed && monitors_.fact(ref).taken != never)
    enqueue([this, watcher, ref] { demonitor_by_actor(watcher, ref); });
  else
    demonitor_by_thread(watcher, ref);
}

void sim_node::demonitor_by_thread(const pid& watcher, reference ref) {
  // No thread can wait here; whoever waits learns the same a little later.
  auto won = front_.gate.close(ref, watcher, false) == gate::closing::won;
  note_demonitor(watcher, ref, won);
  if (!won || context_.has(bug::demonitor_swallowed))
    return;
  if (losing_ && context_.has(bug::demonitor_lost_in_loss)) {
    // As if all DOWNs of the loss had passed the gate at its beginning.
    front_.gate.open(ref, watcher);
    return;
  }
  auto cancelled = front_.queue.cancelled();
  // Refused by a node that stops; its monitors end with it.
  static_cast<void>(front_.queue.push_demonitor(
    {watcher, ref}, front_.cancels_pairs, front_.board));
  if (front_.queue.cancelled() != cancelled)
    context_.log.count("= pair cancelled");
}

void sim_node::demonitor_by_actor(const pid& watcher, reference ref) {
  // One that wins is noted when it reaches the core, and where a node's stop
  // has begun none does.
  executor_.demonitor({ref, {}, watcher},
                      completion<bool>{[=](const result<bool>& won) {
                        if (won ? !*won : won.code() != errc::shutdown)
                          note_demonitor(watcher, ref, false);
                      }});
}

void sim_node::note_demonitor(const pid& watcher, reference ref, bool won) {
  monitors_.demonitored(ref, watcher, won);
  context_.note([&] {
    return label() + "  " + to_string(watcher) + " demonitors " + to_string(ref)
           + (won ? ": true" : ": false");
  });
}

// -- what people do -----------------------------------------------------------

completion<unit> sim_node::question(const std::string& what,
                                    std::function<void(bool)> then) {
  ++num_questions_;
  return completion<unit>{[this, what,
                           then = std::move(then)](const result<unit>& x) {
    --num_questions_;
    note(what + ": " + (x ? "done" : std::string{to_string(x.failure().code)}));
    if (then)
      then(x.has_value());
  }};
}

void sim_node::connect(node_name peer, bool keep) {
  auto what = (keep ? "keep connected " : "connect ") + to_string(peer);
  note(what);
  enqueue([this, peer, keep, what] {
    executor_.connect({peer, keep}, question(what));
  });
}

void sim_node::disconnect(node_name peer) {
  auto what = "disconnect " + to_string(peer);
  note(what);
  enqueue([this, peer, what] { executor_.disconnect({peer}, question(what)); });
}

void sim_node::sync(node_name peer) {
  enqueue([this, peer] {
    sync_fact fact{peer, context_.truth.happens(), context_.clock.now()};
    executor_.sync({peer},
                   question("sync " + to_string(peer), [this, fact](bool ok) {
                     if (ok && sync_judge_)
                       sync_judge_(*this, fact);
                   }));
  });
}

void sim_node::stop() {
  note("stops");
  front_.queue.close();
  enqueue([this] {
    if (!stopping_)
      executor_.stop(question("stop"));
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
    executor_.core().links().send(peer.name(),
                                  monitor_p_exit{mine.front(), x.watcher, x.ref,
                                                 *exit_reason::atom("a lie")});
    executor_.on_links();
    return;
  }
}

// -- inbox --------------------------------------------------------------------

void sim_node::post(core_event x) {
  enqueue([this, x = std::move(x)] {
    // A harness that is to lose timers must not lose anything else.
    executor_.step(x);
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

void sim_node::receive(connection_id from, session_message x,
                       const frame_mark& mark) {
  context_.note([&] {
    return label() + "  <- " + std::to_string(static_cast<uint64_t>(from)) + ' '
           + to_string(x);
  });
  auto content = std::get_if<frame>(&x);
  if (content == nullptr)
    return executor_.step(event::arrived{from, std::move(x)});
  if (auto other = meddler_.meddle(*content, mark))
    receive_frame(from, std::move(other->first), other->second);
  receive_frame(from, std::move(*content), mark);
}

void sim_node::receive_frame(connection_id from, frame x,
                             const frame_mark& mark) {
  arriving_ = arrival{mark, core().plane().counters().received};
  executor_.step(event::arrived{from, std::move(x)});
}

void sim_node::on_timer(time_point due) {
  auto steps = context_.steps;
  executor_.on_timer(due);
  // An earlier time has been asked for since: that timer goes on.
  if (context_.steps == steps)
    return;
  // Waking up for nothing happens when a deadline was moved; again and again
  // with the time that it has become it must not.
  auto wake = core().next_wake();
  if (idle_ && wake && *wake <= context_.clock.now())
    ++idle_timers_;
  else
    idle_timers_ = 0;
  if (idle_timers_ > max_idle_timers)
    throw violation(label() + " keeps waking up with nothing to do");
}

} // namespace vigil::sim
