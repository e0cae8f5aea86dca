#pragma once

#include <vigil/literals.hpp>
#include "src/node/node_core.hpp"
#include "tests/fuzz/few_processes.hpp"
#include "tests/fuzz/fuzz_target.hpp"

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
  /// Where the strangers' connections are plugged in.
  static constexpr size_t num_plugs = 4;

  /// What a stranger knows about its connection.
  struct plug {
    connection_id connection{};
    /// From the last message that the node has sent over it.
    session_pair heard;
    uint64_t last_frame = 0;
    uint64_t last_token = 0;
    /// How many frames the stranger has sent since its last hello.
    uint64_t sent = 0;
    /// How many frames were sent over the connection at all.
    uint64_t said = 0;
  };

  node_world() {
    victim_.processes.node = victim_name;
    friend_.processes.node = friend_name;
    for (auto& x : plugs)
      replug(x);
    step(friend_, event::connect{victim_name});
    check(victim_.core.plane().is_up(friend_name), "the friend is connected");
    monitor(1, process_of(friend_name, 1));
    befriended_ = last_ref_;
    step(friend_, event::monitor{process_of(friend_name, 1),
                                 process_of(victim_name, 1), first_reference});
    attacked_ = true;
  }

  // -- what happens to the node under attack ----------------------------------

  void step(const core_event& what) {
    step(victim_, what);
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
  void cut(plug& x) {
    auto lost = x.connection;
    replug(x);
    step(event::disconnected{lost});
  }

  /// Answers the oldest dial, with the connection of a plug or with a failure.
  void answer_dial(plug* x, errc why = errc::refused) {
    if (dials_.empty())
      return;
    auto dial = dials_.front().first;
    dials_.pop_front();
    if (x == nullptr)
      return step(event::dial_failed{dial, {why, {}}});
    replug(*x);
    step(event::connected{dial, x->connection});
  }

  /// Lets time pass; both nodes wake when they want to.
  void pass(timespan span) {
    auto end = now_ + span;
    for (auto due = next_due(); due && *due <= end; due = next_due()) {
      now_ = std::max(now_, *due);
      check(++num_wakes_ < 10'000, "nodes do not wake without end");
      if (!dials_.empty() && dials_.front().second <= now_)
        answer_dial(nullptr, errc::setup_timeout);
      for (auto x : {&victim_, &friend_})
        if (auto wake = x->core.next_wake(); wake && *wake <= now_)
          step(*x, event::timer{});
    }
    now_ = end;
  }

  /// Ends the attack and checks what is left of it.
  void finish() {
    for (auto& x : plugs)
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
    step(friend_, event::process_exited{process_of(friend_name, 1),
                                        exit_reason::killed()});
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

  plug plugs[num_plugs];
  const node_name victim_name = "b@h"_node;
  const node_name friend_name = "c@h"_node;

private:
  struct party {
    explicit party(node_name name, uint64_t seed)
      : core(config(name, seed), limits()) {
      // nop
    }

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

    few_processes processes;
    node_core core;
  };

  /// The connection between the two nodes; strangers have others.
  static constexpr connection_id wire{1};

  void replug(plug& x) {
    x = plug{};
    x.connection = connection_id{++last_connection_};
  }

  std::optional<time_point> next_due() const {
    auto result = victim_.core.next_wake();
    auto consider = [&](std::optional<time_point> x) {
      if (x && (!result || *x < *result))
        result = x;
    };
    consider(friend_.core.next_wake());
    if (!dials_.empty())
      consider(dials_.front().second);
    return result;
  }

  /// Steps a node and delivers what the two say to each other.
  void step(party& x, const core_event& what) {
    apply(x, what);
    while (!wire_.empty() || !yielded_.empty()) {
      if (!yielded_.empty()) {
        auto next = yielded_.front();
        yielded_.pop_front();
        apply(*next, event::resume{});
        continue;
      }
      auto [to, message] = std::move(wire_.front());
      wire_.pop_front();
      apply(*to, event::arrived{wire, std::move(message)});
    }
  }

  void apply(party& x, const core_event& what) {
    auto bound = effect_bound(x, what);
    auto effects = x.core.step(what, now_, x.processes);
    check(effects.local.size() + effects.network.size() <= bound,
          "a step has no more effects than causes");
    effects.for_each([&](const auto& y) { on(x, y); });
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

  void on(party& x, const effect::yield&) {
    yielded_.push_back(&x);
  }

  void on(party&, const effect::ticks_missed& y) {
    check(y.count > 0 && y.silence.count() > 0, "a missed tick is one");
  }

  void on(party& x, const effect::dial& y) {
    if (is_friend(x)) {
      check(!attacked_, "the friend dials once");
      return apply(x, event::connected{y.dial, wire});
    }
    check(y.peer != friend_name, "the friend is connected already");
    dials_.emplace_back(y.dial, y.deadline);
  }

  void on(party& x, const effect::transmit& y) {
    if (auto z = std::get_if<frame>(&y.message))
      check(z->bytes.size() <= max_frame_size, "a frame has its bound");
    if (y.connection == wire) {
      if (is_friend(x))
        remember_numbers(y.message);
      wire_.emplace_back(is_friend(x) ? &victim_ : &friend_, y.message);
      return;
    }
    check(!is_friend(x), "the friend has one connection");
    for (auto& z : plugs)
      if (z.connection == y.connection)
        note(z, y.message);
  }

  void on(party& x, const effect::hang_up& y) {
    check(!is_friend(x) && y.connection != wire, "the wire stays");
    for (auto& z : plugs)
      if (z.connection == y.connection)
        replug(z);
  }

  void on(party&, const effect::synced&) {
    // Of no consequence here.
  }

  void on(party&, const effect::stopped&) {
    check(false, "nobody asked the node to stop");
  }

  void remember_numbers(const session_message& x) {
    std::visit([&](const auto& y) { friendly_numbers_ = y.numbers; }, x);
  }

  static void note(plug& to, const session_message& x) {
    // An acknowledged goodbye echoes numbers that need not be the node's.
    if (!std::holds_alternative<goodbye_ack>(x))
      std::visit([&](const auto& y) { to.heard = y.numbers; }, x);
    if (auto y = std::get_if<frame>(&x))
      to.last_frame = y->sequence;
    else if (auto z = std::get_if<probe>(&x))
      to.last_token = z->token;
    else if (std::holds_alternative<hello>(x))
      to.last_frame = to.sent = 0;
  }

  time_point now_{std::chrono::seconds{1'000}};
  party victim_{victim_name, 2};
  party friend_{friend_name, 3};
  std::deque<std::pair<party*, session_message>> wire_;
  std::deque<party*> yielded_;
  std::deque<std::pair<dial_id, time_point>> dials_;
  std::map<reference, pid> pending_;
  std::set<node_name> up_;
  session_pair friendly_numbers_;
  reference befriended_{};
  reference last_ref_{};
  uint64_t num_refs_ = 0;
  uint64_t last_connection_ = static_cast<uint64_t>(wire);
  size_t num_wakes_ = 0;
  bool attacked_ = false;
};

} // namespace vigil::fuzz
