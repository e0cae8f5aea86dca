#pragma once

#include "tests/core/test_network.hpp"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace vigil::test {

/// Node a in the middle of many others, p1, p2, ..., which know only it. What
/// is sent arrives at once. A step costs the network the same however many
/// nodes there are: test_network looks at all of them.
class star {
public:
  explicit star(size_t num_peers) {
    nodes_.push_back(std::make_unique<test_node>(config_of(node_a)));
    for (size_t i = 1; i <= num_peers; ++i)
      nodes_.push_back(std::make_unique<test_node>(config_of(name(i), i)));
  }

  /// Returns the name of a peer; the first is number 1.
  static node_name name(size_t peer) {
    return *node_name::parse("p" + std::to_string(peer) + "@h");
  }

  test_node& hub() {
    return *nodes_.front();
  }

  test_node& peer(size_t n) {
    return *nodes_.at(n);
  }

  /// Steps the hub, which is number 0, or a peer, and delivers until nothing is
  /// under way.
  void step(size_t n, const core_event& what) {
    step_alone(n, what);
    deliver();
  }

  /// Ends a process of the hub, without delivering anything.
  void end_at_hub(uint32_t number, const exit_reason& reason) {
    hub().processes.end(number);
    step_alone(0, event::process_exited{proc(node_a, number), reason});
  }

  /// Delivers until nothing is under way.
  void deliver() {
    while (!queue_.empty()) {
      auto [to, next] = std::move(queue_.front());
      queue_.pop_front();
      step_alone(to, next);
    }
  }

  /// Connects the hub to one peer after the other, the last at the end of
  /// `time`.
  void connect_all(timespan time) {
    auto num_peers = nodes_.size() - 1;
    for (size_t i = 1; i <= num_peers; ++i) {
      pass(time / num_peers);
      step(0, event::connect{name(i)});
      REQUIRE(hub().sees(name(i)));
      REQUIRE(peer(i).sees(hub().name));
    }
  }

  /// Lets time pass, waking every node when it wants to be woken.
  void pass(timespan time) {
    auto end = now_ + time;
    while (!wakes_.empty() && wakes_.begin()->first <= end) {
      auto [due, n] = *wakes_.begin();
      now_ = std::max(now_, due);
      if (n == 0)
        ++hub_wakes;
      step(n, event::timer{});
      if (auto next = nodes_[n]->core.next_wake())
        REQUIRE(*next > now_);
    }
    now_ = end;
  }

  /// Returns what the nodes have told since the last call, the hub in front.
  lines take() {
    lines result;
    for (auto& x : nodes_)
      for (auto& line : x->take())
        result.push_back(brief(x->name) + ": " + line);
    return result;
  }

  /// Steps of the hub, and how many of them were timers.
  uint64_t hub_steps = 0;
  uint64_t hub_wakes = 0;

  /// Sees what each step of the hub wants done.
  std::function<void(const node_effects&)> on_hub_step;

private:
  void step_alone(size_t n, const core_event& what) {
    auto& x = *nodes_[n];
    if (n == 0)
      ++hub_steps;
    if (auto due = x.core.next_wake())
      wakes_.erase({*due, n});
    auto effects = x.core.step(what, now_, x.processes);
    if (n == 0 && on_hub_step)
      on_hub_step(effects);
    if (auto due = x.core.next_wake())
      wakes_.emplace(*due, n);
    effects.for_each(
      [&](const auto& y) { one_by_one(y, [&](const auto& z) { on(n, z); }); });
  }

  void on(size_t from, const effect::dial& x) {
    auto is_it = [&](const auto& y) { return y->name == x.peer; };
    auto to = std::find_if(nodes_.begin(), nodes_.end(), is_it);
    REQUIRE(to != nodes_.end());
    // A connection has the number of its peer, at both ends.
    auto number = static_cast<uint64_t>(to - nodes_.begin());
    queue_.emplace_back(from, event::connected{x.dial, connection_id{number}});
  }

  void on(size_t from, const effect::transmit& x) {
    auto to = from == 0 ? static_cast<size_t>(x.connection) : 0;
    queue_.emplace_back(to, event::arrived{x.connection, x.message});
  }

  /// What there is more of than fits into a step goes on after what waits.
  void on(size_t from, const effect::yield&) {
    queue_.emplace_back(from, event::resume{});
  }

  void on(size_t from, const effect::hang_up&) {
    nodes_[from]->told.emplace_back("hang_up");
  }

  void on(size_t from, const effect::stopped&) {
    nodes_[from]->told.emplace_back("stopped");
  }

  template <class Effect>
  void on(size_t from, const Effect& x) {
    nodes_[from]->told.push_back(test::line(x));
  }

  std::vector<std::unique_ptr<test_node>> nodes_;
  std::deque<std::pair<size_t, core_event>> queue_;
  std::set<std::pair<time_point, size_t>> wakes_;
  time_point now_{seconds{1'000}};
};

} // namespace vigil::test
