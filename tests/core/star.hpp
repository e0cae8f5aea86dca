#pragma once

#include "tests/core/test_network.hpp"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace vigil::test {

/// Node a in the middle of many others, p1, p2, ..., which know only it. What
/// is sent arrives at once.
class star {
public:
  explicit star(size_t num_peers) {
    nodes_.push_back(&net_.add(config_of(node_a)));
    for (size_t i = 1; i <= num_peers; ++i)
      nodes_.push_back(&net_.add(config_of(name(i), i)));
    for (auto x : nodes_)
      x->on_effects = [this, x](const node_effects& y) { look(*x, y); };
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
    net_.step(*nodes_.at(n), what);
    deliver();
  }

  /// Ends a process of the hub, without delivering anything.
  void end_at_hub(uint32_t number, const exit_reason& reason) {
    net_.exit(hub(), number, reason);
  }

  /// Delivers until nothing is under way.
  void deliver() {
    net_.run();
  }

  /// Connects the hub to one peer after the other, the last at the end of
  /// `time`.
  void connect_all(timespan time) {
    auto num_peers = nodes_.size() - 1;
    for (size_t i = 1; i <= num_peers; ++i) {
      pass(time / num_peers);
      step(0, event::connect{name(i)});
      REQUIRE(hub().sees(name(i)));
      REQUIRE(peer(i).sees(hub().name()));
    }
  }

  /// Lets time pass, waking every node when it wants to be woken.
  void pass(timespan time) {
    net_.pass(time);
  }

  /// Returns who is at the other end of a connection of the hub.
  node_name at_the_end_of(connection_id x) {
    return net_.wires().peer_of(hub(), x)->name();
  }

  /// Returns what the nodes have told since the last call, the hub in front.
  lines take() {
    lines result;
    for (auto x : nodes_)
      for (auto& line : x->take())
        result.push_back(brief(x->name()) + ": " + line);
    return result;
  }

  /// Sees what each step of the hub wants done.
  std::function<void(const node_effects&)> on_hub_step;

private:
  void look(test_node& x, const node_effects& effects) {
    if (&x == &hub() && on_hub_step)
      on_hub_step(effects);
    for (const auto& y : effects.network)
      if (std::holds_alternative<effect::hang_up>(y))
        x.told.emplace_back("hang_up");
  }

  test_network net_;
  std::vector<test_node*> nodes_;
};

} // namespace vigil::test
