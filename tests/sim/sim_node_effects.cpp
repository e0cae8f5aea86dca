// What a simulated node does about the effects of its core.

#include "tests/sim/sim_node.hpp"

#include <algorithm>
#include <utility>

namespace vigil::sim {

void sim_node::finish() {
  core_.finish(effects_);
  auto effects = std::exchange(effects_, {});
  monitors_.note_losses([this](node_name peer) { return sees(peer); });
  auto is_down = [](const local_effect& x) {
    return std::holds_alternative<effect::node_down>(x);
  };
  if (context_.has(bug::nodedown_first))
    std::stable_partition(effects.local.begin(), effects.local.end(), is_down);
  effects.for_each([this](auto& x) {
    if (!running_)
      return;
    execute(x);
    if (context_.random.chance(20))
      interfere();
  });
  deliver_gathered();
  if (running_)
    schedule_wake();
}

void sim_node::interfere() {
  const auto& facts = monitors_.facts();
  if (stopping_ || context_.calm || facts.empty())
    return;
  // Recent ones are more likely to be live.
  auto recent = std::min<size_t>(facts.size(), 20);
  auto x = facts[facts.size() - 1 - context_.random.below(recent)];
  if (context_.truth.alive(x.watcher))
    demonitor(x.watcher, x.ref, false);
}

void sim_node::execute(effect::deliver_down& x) {
  if (context_.has(bug::down_dropped) && context_.random.chance(50))
    return;
  if (context_.has(bug::wrong_reason) && context_.random.chance(50)
      && context_.truth.owner_of(x.reason))
    x.reason = exit_reason::noproc();
  auto passes = gate_.claim(x.ref);
  if (!passes && !context_.has(bug::gate_ignored)) {
    note("suppressed DOWN " + to_string(x.ref));
    return;
  }
  monitors_.claimed(x.ref);
  gathered_.push_back(x);
  if (context_.has(bug::down_doubled) && context_.random.chance(50))
    gathered_.push_back(x);
}

void sim_node::execute(effect::retire& x) {
  gate_.forget(x.ref);
  monitors_.retired(x.ref, stopping_);
}

void sim_node::execute(effect::node_up& x) {
  deliver_gathered();
  note("nodeup " + to_string(x.peer));
  context_.log.count("= nodeup");
  monitors_.node_up(x.peer);
  lives_up_[x.peer] = x.life;
}

void sim_node::execute(effect::node_down& x) {
  deliver_gathered();
  note("nodedown " + to_string(x.peer) + ' ' + std::string{to_string(x.cause)}
       + ' ' + x.detail);
  context_.log.count("= nodedown, " + std::string{to_string(x.cause)});
  monitors_.node_down(x.peer);
  judge_loss(x.peer, "nodedown");
}

void sim_node::execute(effect::connect_failed& x) {
  deliver_gathered();
  note("no connection to " + to_string(x.peer) + ": " + to_string(x.why));
  context_.log.count("= no connection, " + std::string{to_string(x.why.code)});
  // What it may be told while it stops says nothing of a session.
  if (x.peer == name() || stopping_)
    return;
  monitors_.connect_failed(x.peer);
  judge_loss(x.peer, "failed connection");
}

void sim_node::judge_loss(node_name peer, const char* what) {
  if (loss_judge_ && !stopping_)
    loss_judge_(*this, peer, what);
}

void sim_node::execute(effect::yield&) {
  context_.log.count("= loss in slices");
  losing_ = true;
  enqueue([this] {
    losing_ = false;
    step(event::resume{});
  });
}

void sim_node::execute(effect::dial& x) {
  note("dials " + to_string(x.peer));
  network_.dial(*this, x);
}

void sim_node::execute(effect::transmit& x) {
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
}

void sim_node::execute(effect::hang_up& x) {
  note("hangs up " + std::to_string(static_cast<uint64_t>(x.connection)));
  network_.hang_up(*this, x.connection);
}

void sim_node::execute(effect::ticks_missed&) {
  context_.log.count("= ticks missed");
}

void sim_node::execute(effect::synced& x) {
  auto i = syncs_.find(x.token);
  if (i == syncs_.end())
    throw violation(label() + ": a sync was answered twice");
  auto fact = i->second;
  syncs_.erase(i);
  if (x.ok && sync_judge_)
    sync_judge_(*this, fact);
}

void sim_node::execute(effect::stopped&) {
  note("has stopped");
  end_life(false);
}

void sim_node::deliver_gathered() {
  if (gathered_.empty())
    return;
  auto gathered = std::exchange(gathered_, {});
  for (const auto& x : gathered) {
    context_.note([&] {
      return label() + "  DOWN " + to_string(x.ref) + ' ' + to_string(x.object)
             + ' ' + to_string(x.reason) + " to " + to_string(x.watcher);
    });
    auto& fact = monitors_.fact(x.ref);
    auto unseen = fact.end == monitor_end::watcher_ended;
    context_.log.count(x.reason == exit_reason::noproc() ? "= DOWN noproc"
                       : x.reason == exit_reason::noconnection()
                         ? "= DOWN noconnection"
                         : "= DOWN with the target's reason");
    monitors_.delivered(x.watcher, x.ref, x.object, x.reason);
    if (!unseen && fact.owed && x.reason == exit_reason::noconnection()
        && debt_judge_)
      debt_judge_(*this, fact);
    // Callbacks use vigil as well.
    if (context_.random.chance(50))
      interfere();
    if (context_.random.chance(50) && context_.truth.alive(x.watcher)
        && !stopping_ && !context_.calm)
      monitor(x.watcher, x.object);
  }
  for (const auto& x : gathered)
    gate_.delivered(x.ref);
}

} // namespace vigil::sim
