#pragma once

#include <vigil/literals.hpp>
#include "testkit/net/bare_node.hpp"
#include "testkit/net/quiet_world.hpp"
#include "testkit/net/wire_network.hpp"
#include "tests/fuzz/few_processes.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/stranger.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace vigil::fuzz {

/// A node under attack and its friend, both real, with a session between them
/// that must not notice anything. The target plays all strangers.
///
/// Checks of every effect of the node under attack whether it is allowed now.
class node_world {
public:
  /// How many strangers there are.
  static constexpr size_t num_strangers = 4;

  node_world() {
    for (size_t i = 0; i < num_strangers; ++i)
      strangers_.emplace_back(network_, state_, 4 + i, victim_, last_number_)
        .connect();
    friend_.step(event::connect{victim_name});
    settle();
    check(victim_.core.plane().is_up(friend_name), "the friend is connected");
    monitor(1, process_of(friend_name, 1));
    befriended_ = last_ref_;
    friend_.step(event::monitor{process_of(friend_name, 1),
                                process_of(victim_name, 1), first_reference});
    settle();
    attacked_ = true;
  }

  // -- what happens to the node under attack ----------------------------------

  void step(const core_event& what) {
    victim_.step(what);
    settle();
  }

  void say(stranger& x, session_message message) {
    x.say(std::move(message));
    settle();
  }

  /// Process `number` monitors `object`.
  void monitor(uint32_t number, target object) {
    last_ref_ = reference{to_integer(first_reference) + num_refs_++};
    auto watcher = process_of(victim_name, number);
    pending_.emplace(last_ref_, watcher);
    step(event::monitor{watcher, std::move(object), last_ref_});
  }

  /// Takes the oldest monitor back that is not the friend's.
  void demonitor() {
    auto i = pending_.upper_bound(befriended_);
    if (i == pending_.end())
      return;
    auto [ref, watcher] = *i;
    pending_.erase(i);
    step(event::demonitor{watcher, ref});
  }

  /// Process `number`, of which the friend knows nothing, ends.
  void exit(uint32_t number, exit_reason reason) {
    auto process = process_of(victim_name, number);
    if (!victim_.processes.alive(process))
      return;
    victim_.processes.end(number);
    step(event::process_exited{process, std::move(reason)});
  }

  /// The connection of `x` is gone; another takes its place.
  void cut(stranger& x) {
    x.hang_up();
    settle();
  }

  /// Answers the oldest dial, as a stranger or with a failure.
  void answer_dial(stranger* x, errc why = errc::refused) {
    if (dials_.empty())
      return;
    auto dial = dials_.front();
    dials_.pop_front();
    if (x == nullptr)
      return step(event::dial_failed{dial, {why, {}}});
    step(event::connected{dial, x->connect()});
  }

  /// Lets time pass; both nodes wake when they want to.
  void pass(timespan span) {
    state_.clock.run_for(span);
  }

  /// Ends the attack and checks what is left of it.
  void finish() {
    for (auto& x : strangers_)
      cut(x);
    pass(std::chrono::seconds{10});
    const auto& plane = victim_.core.plane();
    check(victim_.core.plane().nodes() == std::vector<node_name>{friend_name},
          "nobody but the friend is left");
    check(plane.num_inbound()
            == plane.num_inbound(friend_name) + plane.num_inbound(victim_name),
          "no stranger has a monitor left");
    check(plane.num_inbound(friend_name) == 1, "the friend's monitor is there");
    check(plane.num_outbound(friend_name) == 1, "that on the friend is there");
    check(plane.num_outbound() == pending_.size(),
          "every monitor ended once, or is there");
    check(victim_.core.sessions().backlog(friend_name) == 0,
          "nothing is left to send");
    // The friend's session carries what it should, both ways.
    friend_.processes.end(1);
    friend_.step(
      event::process_exited{process_of(friend_name, 1), exit_reason::killed()});
    settle();
    check(pending_.count(befriended_) == 0, "the friend's exit was told");
    check(plane.num_inbound(friend_name) == 0, "so was the end of its monitor");
  }

  /// How many control messages of peers the node has looked at.
  uint64_t num_applied() const noexcept {
    return victim_.core.plane().counters().received;
  }

  const session_pair& friendly_numbers() const noexcept {
    return friendly_numbers_;
  }

  stranger& stranger_at(size_t n) {
    return strangers_.at(n);
  }

  const node_name victim_name = "b@h"_node;
  const node_name friend_name = "c@h"_node;

private:
  class party final : public testkit::bare_node {
  public:
    party(node_world& home, node_name name, uint64_t seed)
      : bare_node(home.network_, home.state_, seed, config(name, seed),
                  limits()),
        home_(home) {
      processes.node = name;
    }

    void step(const core_event& what) override {
      auto bound = effect_bound(*this, what);
      auto effects = core.step(what, now(), processes);
      check(effects.local.size() + effects.network.size() <= bound,
            "a step has no more effects than causes");
      if (std::holds_alternative<event::timer>(what))
        check(++home_.num_wakes_ < 10'000, "nodes do not wake without end");
      effects.for_each([this](const auto& x) { home_.on(*this, x); });
      carry_out(effects);
    }

    few_processes processes;

  private:
    /// Even small losses take several steps.
    static control_limits limits() {
      control_limits result;
      result.step_work = 24;
      return result;
    }

    static session_config config(node_name name, uint64_t seed) {
      session_config result;
      result.self = name;
      result.life = any_life;
      result.being = {seed, seed};
      result.seed = seed;
      return result;
    }

    void dial(const effect::dial& x) override {
      if (home_.is_friend(*this))
        bare_node::dial(x);
      else
        home_.hold(x);
    }

    node_world& home_;
  };

  /// Who is dialled by the node under attack are the strangers, who answer when
  /// they like, but not after the deadline.
  void hold(const effect::dial& x) {
    dials_.push_back(x.dial);
    state_.clock.wake_at(x.deadline, [this, dial = x.dial] {
      auto i = std::find(dials_.begin(), dials_.end(), dial);
      if (i == dials_.end())
        return;
      dials_.erase(i);
      victim_.post(event::dial_failed{dial, {errc::setup_timeout, {}}});
    });
  }

  /// Lets the nodes come to the end of what they say to each other.
  void settle() {
    pass(timespan{0});
  }

  /// Monitors that can end, entries that can be answered, and for each peer
  /// and connection a few messages.
  static size_t effect_bound(const party& x, const core_event& what) {
    const auto& plane = x.core.plane();
    auto result = 100 + 2 * (plane.num_inbound() + plane.num_outbound());
    if (auto y = std::get_if<event::arrived>(&what))
      if (auto z = std::get_if<frame>(&y->message))
        result += z->bytes.size();
    return result;
  }

  bool is_friend(const party& x) const noexcept {
    return &x == &friend_;
  }

  // -- effects ----------------------------------------------------------------

  void on(party& x, const effect::deliver_downs& y) {
    if (!is_friend(x))
      for (auto i = y.first; i != y.first + y.count; ++i)
        end_monitor(*i);
  }

  void end_monitor(const down_notice& x) {
    const auto& y = x.message;
    auto of_loss = y.origin == down_origin::link_lost
                   || y.origin == down_origin::shutdown;
    check((y.loss != 0) == of_loss, "a DOWN of a lost link has its number");
    check(!of_loss || up_.count(node_of(y.object)) > 0,
          "a DOWN of a lost link comes before the nodedown");
    end_monitor(y.ref, x.watcher);
  }

  void on(party& x, const effect::retire& y) {
    if (is_friend(x))
      return;
    auto i = pending_.find(y.ref);
    check(i != pending_.end(), "a reference is retired once");
    pending_.erase(i);
  }

  void end_monitor(reference ref, const pid& watcher) {
    auto i = pending_.find(ref);
    check(i != pending_.end(), "a monitor ends once");
    check(i->second == watcher, "a DOWN goes to the watcher");
    pending_.erase(i);
  }

  void on(party& x, const effect::node_up& y) {
    if (is_friend(x))
      return check(y.peer == victim_name, "the friend knows one node");
    check(up_.insert(y.peer).second, "a node comes up once");
    check(y.peer != victim_name, "a node has no session with itself");
  }

  void on(party& x, const effect::node_down& y) {
    check(!is_friend(x) && y.peer != friend_name,
          "the friend's session is not disturbed");
    check(up_.erase(y.peer) == 1, "a node that goes down was up");
    check(y.loss != 0, "an end has its number");
    check(valid(y.cause) && y.silence.count() >= 0, "an end has its cause");
    check(y.detail.size() <= 2 * farewell::max_detail, "a detail is short");
  }

  void on(party& x, const effect::link_lost& y) {
    check(!x.core.plane().is_up(y.peer), "a link that is lost is not up");
  }

  void on(party& x, const effect::link_full& y) {
    check(x.core.plane().is_up(y.peer), "a link that is full is up");
  }

  void on(party& x, const effect::connect_failed& y) {
    check(!is_friend(x) && y.peer != friend_name, "the friend is connected");
    check(valid(y.why.code), "a failure has its reason");
  }

  void on(party&, const effect::yield&) {
    // It goes on by itself.
  }

  void on(party&, const effect::ticks_missed& y) {
    check(y.count > 0 && y.silence.count() > 0, "a missed tick is one");
  }

  void on(party& x, const effect::dial& y) {
    check(!is_friend(x) || !attacked_, "the friend dials once");
    check(y.peer != friend_name, "the friend is connected already");
  }

  void on(party& x, const effect::transmit& y) {
    if (auto z = std::get_if<frame>(&y.message))
      check(z->bytes.size() <= max_frame_size, "a frame has its bound");
    if (!is_friend(x))
      return;
    check(is_between_friends(x, y.connection), "the friend has one connection");
    std::visit([&](const auto& z) { friendly_numbers_ = z.numbers; },
               y.message);
  }

  void on(party& x, const effect::hang_up& y) {
    check(!is_friend(x) && !is_between_friends(x, y.connection),
          "the wire stays");
  }

  bool is_between_friends(const party& x, connection_id y) {
    return network_.peer_of(x, y) == (is_friend(x) ? &victim_ : &friend_);
  }

  void on(party&, const effect::synced&) {
    // Of no consequence here.
  }

  void on(party&, const effect::stopped&) {
    check(false, "nobody asked the node to stop");
  }

  testkit::quiet_world state_;
  /// Who dials the node under attack reaches it; its own dials are held.
  testkit::wire_network network_{state_,
                                 [this](node_name) { return &victim_; }};
  party victim_{*this, victim_name, 2};
  party friend_{*this, friend_name, 3};
  std::deque<stranger> strangers_;
  std::deque<dial_id> dials_;
  std::map<reference, pid> pending_;
  std::set<node_name> up_;
  session_pair friendly_numbers_;
  reference befriended_{};
  reference last_ref_{};
  uint64_t num_refs_ = 0;
  /// Numbers the sessions of strangers.
  uint64_t last_number_ = 1;
  size_t num_wakes_ = 0;
  bool attacked_ = false;
};

} // namespace vigil::fuzz
