#pragma once

#include "testkit/net/quiet_world.hpp"
#include "testkit/net/wire_network.hpp"
#include "tests/core/test_node.hpp"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vigil::test {

/// Connects node cores. Nothing is lost, nothing takes time, and everything
/// arrives in the order in which it was sent, unless a test wants it otherwise.
/// Time passes only where a test says so.
class test_network {
public:
  explicit test_network(uint64_t seed = 1) : world_(seed) {
    // nop
  }

  /// Adds a node; one of the same name is no longer there.
  test_node& add(const session_config& config) {
    auto& x = *lives_.emplace_back(
      std::make_unique<test_node>(wires_, world_, lives_.size() + 1, config));
    x.on_effects = [this, &x](const node_effects& effects) {
      for (const auto& y : effects.network)
        if (auto sent = std::get_if<effect::transmit>(&y))
          log(x, *sent);
    };
    if (auto former = std::exchange(present_[config.self], &x))
      former->end();
    return x;
  }

  /// Ends a node as SIGKILL does; its connections close.
  void kill(test_node& x) {
    x.end();
    present_.erase(x.name());
    wires_.vanish(x, false);
  }

  // -- what a test does -------------------------------------------------------

  /// Steps a node, without delivering anything.
  void step(test_node& x, const core_event& what) {
    x.step(what);
  }

  /// Steps a node by several events at once, as a slice of requests does.
  void step_all(test_node& x, const std::vector<core_event>& slice) {
    x.step_all(slice);
  }

  void monitor(test_node& x, const pid& watcher, const target& object,
               uint64_t number) {
    step(x, event::monitor{watcher, object, ref(number)});
  }

  void exit(test_node& x, uint32_t number, const exit_reason& reason) {
    x.processes.end(number);
    step(x, event::process_exited{proc(x.name(), number, x.plane().life()),
                                  reason});
  }

  /// Connects two nodes and forgets what they say about it.
  void connect(test_node& x, test_node& y) {
    step(x, event::connect{y.name()});
    run();
    REQUIRE(x.sees(y.name()));
    REQUIRE(y.sees(x.name()));
    x.take();
    y.take();
  }

  /// Lets the next that is under way arrive; returns false if nothing is.
  bool deliver_one() {
    auto before = num_steps();
    while (num_steps() == before)
      if (!go_on())
        return false;
    return true;
  }

  /// Delivers until nothing is under way.
  void run() {
    for (auto n = 0; go_on(); ++n)
      REQUIRE(n < max_actions); // Two nodes answer each other for ever.
  }

  /// Lets time pass, waking every node when it wants to be woken.
  void pass(timespan time) {
    auto end = now() + time;
    auto moment = now();
    auto n = 0;
    while (world_.clock.run_next(end)) {
      n = moment == now() ? n + 1 : 0;
      moment = now();
      REQUIRE(n < max_actions);
    }
  }

  // -- weather ----------------------------------------------------------------

  /// All dials between two nodes lead to the same pair of connection ids, as
  /// CAF can make it. Otherwise every dial makes a connection of its own.
  void share_connections(bool value) {
    world_.sky.collapse = value;
    world_.sky.takeover = 1000;
  }

  /// Messages are lost without a word.
  void mute(bool value) {
    world_.sky.lost = value ? 1000 : 0;
  }

  /// Closes all connections; with `only`, nobody else learns of it.
  void disconnect_all(const test_node* only = nullptr) {
    for (auto [name, x] : present_)
      if (only == nullptr || only == x)
        wires_.cut_off(*x);
  }

  time_point now() const {
    return world_.clock.now();
  }

  testkit::random_source& random() {
    return world_.random;
  }

  testkit::sky& sky() {
    return world_.sky;
  }

  testkit::wire_network& wires() {
    return wires_;
  }

  /// Dials find nobody.
  bool unreachable = false;

  /// What was transmitted since the test began, e.g. `a>b hello`.
  lines wire_log;

  /// Payloads of the frames that were transmitted.
  std::vector<std::string> payloads;

private:
  /// What the clock may do without an end; a message takes two actions.
  static constexpr int max_actions = 20'000;

  /// Lets something that is under way go on; returns false if nothing is.
  bool go_on() {
    constexpr timespan ever = std::chrono::hours{24};
    return world_.clock.num_under_way() > 0
           && world_.clock.run_next(now() + ever);
  }

  uint64_t num_steps() const {
    uint64_t result = 0;
    for (auto& x : lives_)
      result += x->num_steps;
    return result;
  }

  void log(const test_node& from, const effect::transmit& x) {
    auto to = wires_.peer_of(from, x.connection);
    if (to == nullptr)
      return;
    auto kind = to_string(x.message);
    wire_log.push_back(brief(from.name()) + ">" + brief(to->name()) + " "
                       + kind.substr(0, kind.find(' ')));
    if (auto content = std::get_if<frame>(&x.message))
      payloads.push_back(content->bytes);
  }

  testkit::station* listener(node_name name) {
    auto i = present_.find(name);
    return unreachable || i == present_.end() ? nullptr : i->second;
  }

  testkit::quiet_world world_;
  testkit::wire_network wires_{world_,
                               [this](node_name x) { return listener(x); }};
  std::vector<std::unique_ptr<test_node>> lives_;
  std::map<node_name, test_node*> present_;
};

/// Node a and node b, not connected yet; each with processes 1 to 3.
struct two_nodes {
  explicit two_nodes(uint64_t seed = 1) : net(seed) {
    for (auto node : {&a, &b})
      for (uint32_t i = 1; i <= 3; ++i)
        node->processes.spawn(i);
  }

  /// Checks that what one holds outbound is what the other holds inbound.
  void check_agreement() const {
    check_agreement(a, b);
    check_agreement(b, a);
  }

  static void check_agreement(const test_node& x, const test_node& y) {
    CHECK(x.plane().num_outbound(y.name()) == y.plane().num_inbound(x.name()));
    for (const auto& m : x.plane().monitors_on(y.name()))
      CHECK(y.plane().is_monitored(m.watcher, m.object, m.ref));
  }

  void check_empty() const {
    CHECK(a.plane().empty());
    CHECK(b.plane().empty());
  }

  test_network net;
  test_node& a = net.add(config_of(node_a));
  test_node& b = net.add(config_of(node_b));
  const pid a1 = proc(node_a, 1);
  const pid a2 = proc(node_a, 2);
  const pid b1 = proc(node_b, 1);
  const pid b2 = proc(node_b, 2);
};

} // namespace vigil::test
