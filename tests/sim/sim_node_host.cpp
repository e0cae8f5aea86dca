// What a simulated node does for its executor, and how it judges what passes
// there.

#include "tests/sim/sim_node.hpp"

#include <algorithm>
#include <utility>

namespace vigil::sim {

using std::chrono::microseconds;
using std::chrono::seconds;

namespace {

/// No run asks more of a node than this.
constexpr uint64_t max_steps_in_second = 20000;

/// What a step does beyond its share: it comes in portions, a frame is coded,
/// and a page of the table is looked at to its end, also if its records stay.
constexpr size_t max_rest = 24;

} // namespace

// -- what passes between executor and core ------------------------------------

void sim_node::before(const core_event& what) {
  if (auto monitor = std::get_if<event::monitor>(&what)) {
    monitors_.taken(monitor->ref);
  } else if (auto demonitor = std::get_if<event::demonitor>(&what)) {
    // By an actor; a thread has been told already.
    if (monitors_.fact(demonitor->ref).end != monitor_end::demonitored)
      note_demonitor(demonitor->watcher, demonitor->ref, true);
  } else if (auto exited = std::get_if<event::process_exited>(&what)) {
    auto watched = !core().plane().monitored_by(exited->process).empty();
    if (watched && owing_ && !stopping_)
      owing_(*this, exited->process);
  } else if (auto sync = std::get_if<event::sync>(&what)) {
    tokens_.insert(sync->token);
  } else if (std::holds_alternative<event::stop>(what)) {
    begin_stop();
  }
}

void sim_node::begin_stop() {
  stopping_ = true;
  stop_deadline_ = context_.clock.now() + traits_.session.goodbye_time
                   + seconds{1};
  context_.clock.at(stop_deadline_, [this] {
    if (running_ && !paused())
      throw violation(label() + " does not come to its end");
  });
}

void sim_node::after(node_effects& effects) {
  count_step();
  judge_work();
  idle_ = effects.empty();
  if (auto x = std::exchange(arriving_, std::nullopt))
    if (core().plane().counters().received != x->received_before)
      context_.sessions.applied(id_, monitors_.epoch(x->mark.name), x->mark);
  monitors_.note_losses(
    [this](node_name peer) { return core().plane().num_losses(peer); });
  for (const auto& x : effects.local)
    if (auto lost = std::get_if<effect::link_lost>(&x))
      monitors_.link_lost(lost->peer);
  spoil(effects);
  for (const auto& x : effects.local)
    std::visit([this](const auto& y) { decide(y); }, x);
  for (auto& x : effects.network)
    if (auto synced = std::get_if<effect::synced>(&x))
      if (tokens_.erase(synced->token) == 0)
        throw violation(label() + ": a sync was answered twice");
  // Threads go on between what is decided and what is done. What only tells the
  // board draws no number, so that runs stay comparable.
  for (const auto& x : effects.local)
    if (!std::holds_alternative<effect::link_lost>(x))
      interfere(20);
}

void sim_node::decide(const effect::deliver_downs& x) {
  decided_.insert(decided_.end(), x.first, x.first + x.count);
}

void sim_node::decide(const effect::retire& x) {
  monitors_.retiring(x.ref);
  retiring_.push_back(x.ref);
}

void sim_node::judge_work() {
  // What a message or a connection asks for by itself is little; what others
  // have gathered, and time, must not be in it.
  const auto& counters = core().plane().counters();
  auto received = counters.received
                  - std::exchange(received_, counters.received);
  auto share = traits_.limits.step_work;
  auto own = 4 * received + 6 * core().sessions().num_peers();
  if (core().work() > share + own + max_rest)
    throw violation(label() + " does " + std::to_string(core().work())
                    + " units of work in one step, of which "
                    + std::to_string(share) + " are its share");
}

void sim_node::count_step() {
  auto time = context_.clock.now();
  ++context_.steps;
  if (time - second_start_ >= seconds{1}) {
    second_start_ = time;
    steps_in_second_ = 0;
  }
  if (++steps_in_second_ > max_steps_in_second)
    throw violation(label() + " never rests");
}

void sim_node::spoil(node_effects& effects) {
  auto& local = effects.local;
  if (context_.has(bug::nodedown_first))
    std::stable_partition(local.begin(), local.end(), [](const auto& x) {
      return std::holds_alternative<effect::node_down>(x);
    });
  for (auto& x : local)
    if (auto downs = std::get_if<effect::deliver_downs>(&x))
      spoil(*downs);
}

void sim_node::spoil(effect::deliver_downs& x) {
  std::for_each(x.first, x.first + x.count,
                [this](down_notice& y) { spoil(y.message); });
  if (context_.has(bug::down_dropped)) {
    auto end = std::remove_if(x.first, x.first + x.count, [this](const auto&) {
      return context_.random.chance(50);
    });
    x.count = static_cast<size_t>(end - x.first);
  }
}

void sim_node::spoil(down& x) {
  if (context_.has(bug::wrong_reason) && context_.random.chance(50)
      && context_.truth.owner_of(x.reason))
    x.reason = exit_reason::noproc();
  if (context_.has(bug::goodbye_mistaken) && x.origin == down_origin::shutdown)
    x.origin = down_origin::link_lost;
  if (context_.has(bug::loss_miscounted) && x.loss > 1
      && context_.random.chance(50))
    --x.loss;
}

void sim_node::forget_sender(event::received& x) {
  auto exit = std::get_if<monitor_p_exit>(&x.message);
  if (exit == nullptr)
    return;
  // As if only watcher and reference were compared.
  for (auto& held : core().plane().monitors(exit->watcher))
    if (held.ref == exit->ref && sees(node_of(held.object))) {
      exit->object = held.object;
      x.peer = node_of(held.object);
    }
}

// -- what an executor asks of the world ---------------------------------------

time_point sim_node::now() {
  return context_.clock.now();
}

void sim_node::dial(const effect::dial& x) {
  note("dials " + to_string(x.peer));
  network_.dial(*this, x);
  interfere(20);
}

void sim_node::transmit(effect::transmit& x) {
  if (context_.has(bug::ticks_forgotten)
      && std::holds_alternative<tick>(x.message))
    return;
  frame_mark mark;
  if (auto content = std::get_if<frame>(&x.message)) {
    auto peer = network_.peer_of(*this, x.connection);
    if (peer != nullptr)
      mark = {id_, name(), monitors_.epoch(peer->name()), content->sequence};
  }
  context_.note([&] {
    return label() + "  -> "
           + std::to_string(static_cast<uint64_t>(x.connection)) + ' '
           + to_string(x.message);
  });
  network_.transmit(*this, x.connection, {std::move(x.message), mark});
  interfere(20);
}

void sim_node::hang_up(const effect::hang_up& x) {
  note("hangs up " + std::to_string(static_cast<uint64_t>(x.connection)));
  network_.hang_up(*this, x.connection);
  interfere(20);
}

void sim_node::wake_at(time_point due) {
  // With this bug a timer that is set keeps its time, whatever is asked for
  // later.
  if (context_.has(bug::timer_lost)
      && std::exchange(wake_asked_, due).has_value())
    return;
  auto when = std::max(due, context_.clock.now());
  if (context_.random.chance(500))
    when += microseconds{context_.random.below(2000)};
  context_.clock.at(when, [this, due] {
    enqueue([this, due] {
      on_timer(std::exchange(wake_asked_, std::nullopt).value_or(due));
    });
  });
}

void sim_node::resume_later() {
  context_.log.count("= slices");
  losing_ = true;
  enqueue([this] {
    losing_ = false;
    executor_.resume();
  });
  interfere(20);
  // Before the next one.
  if (between_slices_)
    context_.clock.at(context_.clock.now(), [this] {
      if (active() && losing_ && !context_.calm)
        between_slices_(*this);
    });
}

void sim_node::slice_later() {
  enqueue([this] { executor_.on_slice(); });
}

void sim_node::stepped() {
  runtime_.check();
  settle(decided_.size());
  decided_.clear();
  num_settled_ = 0;
  for (auto ref : std::exchange(retiring_, {}))
    monitors_.retired(ref, stopping_);
}

void sim_node::stopped() {
  note("has stopped");
  end_life(false);
}

void sim_node::note(const effect::node_up& x) {
  runtime_.check();
  note("nodeup " + to_string(x.peer));
  context_.log.tell(id_, [&] { return "nodeup " + to_string(x.peer); });
  context_.log.count("= nodeup");
  monitors_.node_up(x.peer);
  lives_up_[x.peer] = x.life;
  interfere(20);
}

void sim_node::note(const effect::node_down& x) {
  runtime_.check();
  note("nodedown " + to_string(x.peer) + ' ' + std::string{to_string(x.cause)}
       + ' ' + x.detail);
  context_.log.tell(id_, [&] {
    return "nodedown " + to_string(x.peer) + ' '
           + std::string{to_string(x.cause)};
  });
  context_.log.count("= nodedown, " + std::string{to_string(x.cause)});
  monitors_.node_down(x.peer, x.cause, x.loss);
  noted_loss_ = x.loss;
  judge_loss(x.peer, "nodedown");
  interfere(20);
}

void sim_node::note(const effect::connect_failed& x) {
  runtime_.check();
  note("no connection to " + to_string(x.peer) + ": " + to_string(x.why));
  context_.log.tell(id_, [&] {
    return "no connection to " + to_string(x.peer) + ' '
           + std::string{to_string(x.why.code)};
  });
  context_.log.count("= no connection, " + std::string{to_string(x.why.code)});
  // What it may be told while it stops says nothing of a session.
  if (x.peer == name() || stopping_)
    return;
  monitors_.connect_failed(x.peer, x.why.code);
  judge_loss(x.peer, "failed connection");
  interfere(20);
}

void sim_node::note(const exit_fault& x) {
  throw violation(label() + " takes the report of the end of "
                  + to_string(x.process) + " for a wrong one");
}

void sim_node::note(const effect::ticks_missed&) {
  context_.log.count("= ticks missed");
}

void sim_node::judge_loss(node_name peer, const char* what) {
  if (loss_judge_ && !stopping_)
    loss_judge_(*this, peer, what);
}

// -- what its processes are told ----------------------------------------------

void sim_node::deliver(const down_notice* first, size_t count) {
  for (auto i = first; i != first + count; ++i)
    monitors_.claimed(i->message.ref);
  for (auto i = first; i != first + count; ++i) {
    auto is_it = [i](const down_notice& x) {
      return x.message.ref == i->message.ref;
    };
    auto decided = std::find_if(decided_.begin()
                                  + static_cast<std::ptrdiff_t>(num_settled_),
                                decided_.end(), is_it);
    if (decided == decided_.end())
      throw violation(label() + ": nobody decided DOWN "
                      + to_string(i->message.ref));
    settle(static_cast<size_t>(decided - decided_.begin()));
    ++num_settled_;
    tell(*i);
    if (context_.has(bug::down_doubled) && context_.random.chance(50))
      tell(*i);
  }
}

void sim_node::settle(size_t end) {
  for (; num_settled_ < end; ++num_settled_) {
    const auto& x = decided_[num_settled_];
    if (context_.has(bug::gate_ignored)) {
      tell(x);
      continue;
    }
    auto ref = x.message.ref;
    note("suppressed DOWN " + to_string(ref));
    if (monitors_.fact(ref).end != monitor_end::demonitored)
      throw violation(label() + ": DOWN " + to_string(ref)
                      + " is lost, although nobody demonitored");
  }
}

void sim_node::tell(const down_notice& x) {
  auto ref = x.message.ref;
  const auto& object = x.message.object;
  const auto& reason = x.message.reason;
  auto line = [&] {
    return "DOWN " + to_string(ref) + ' ' + to_string(object) + ' '
           + to_string(reason) + " to " + to_string(x.watcher);
  };
  context_.note([&] { return label() + "  " + line(); });
  context_.log.tell(id_, line);
  auto& fact = monitors_.fact(ref);
  auto unseen = fact.end == monitor_end::watcher_ended;
  context_.log.count(reason == exit_reason::noproc() ? "= DOWN noproc"
                     : reason == exit_reason::noconnection()
                       ? "= DOWN noconnection"
                       : "= DOWN with the target's reason");
  monitors_.delivered(x.watcher, x.message);
  if (!unseen && fact.owed && reason == exit_reason::noconnection()
      && debt_judge_)
    debt_judge_(*this, fact);
  // Callbacks use vigil as well.
  interfere(50);
  if (context_.random.chance(50) && context_.truth.alive(x.watcher)
      && !stopping_ && !context_.calm)
    monitor(x.watcher, object);
}

void sim_node::hear(const node_event& x) {
  if (x.loss != (x.up ? 0 : noted_loss_))
    throw violation(label() + ": a runtime is told of loss "
                    + std::to_string(x.loss) + " of " + to_string(x.peer));
}

void sim_node::interfere(unsigned permille) {
  if (!context_.random.chance(permille))
    return;
  const auto& facts = monitors_.facts();
  if (stopping_ || context_.calm || facts.empty())
    return;
  // Recent ones are more likely to be live.
  auto recent = std::min<size_t>(facts.size(), 20);
  auto x = facts[facts.size() - 1 - context_.random.below(recent)];
  if (context_.truth.alive(x.watcher) && !x.calling)
    demonitor_by_thread(x.watcher, x.ref);
}

} // namespace vigil::sim
