#pragma once

#include "src/node/node_core.hpp"
#include "tests/core/session_layer_fixture.hpp"
#include "tests/core/transcript.hpp"

#include <deque>
#include <memory>
#include <random>
#include <vector>

namespace vigil::test {

/// A whole node core, its processes, and what it has told them. DOWNs go to
/// processes that are alive; the gate of a real node is not here.
class test_node {
public:
  explicit test_node(const session_config& config)
    : name(config.self),
      processes(config.self, config.life),
      core(config) {
    // nop
  }

  const control_plane& plane() const {
    return core.plane();
  }

  bool sees(node_name peer) const {
    return core.plane().is_up(peer);
  }

  /// Returns what was told since the last call.
  lines take() {
    return std::exchange(told, {});
  }

  node_name name;
  processes_stub processes;
  node_core core;
  lines told;
  bool stopped = false;
};

/// Connects node cores. Nothing is lost, and everything arrives in the order in
/// which it was sent, unless a test wants it otherwise. Time passes only where
/// a test says so.
class test_network {
public:
  test_node& add(const session_config& config) {
    auto i = std::find_if(nodes_.begin(), nodes_.end(), [&](const auto& x) {
      return x->name == config.self;
    });
    if (i != nodes_.end()) {
      graveyard_.push_back(std::move(*i));
      nodes_.erase(i);
    }
    nodes_.push_back(std::make_unique<test_node>(config));
    return *nodes_.back();
  }

  /// Ends a node as SIGKILL does; its connections close.
  void kill(test_node& x) {
    for (auto& y : wires_)
      if (y.end[0].node == &x || y.end[1].node == &x)
        cut(y);
    for (auto& y : nodes_)
      if (y.get() == &x)
        graveyard_.push_back(std::move(y));
    nodes_.erase(std::remove(nodes_.begin(), nodes_.end(), nullptr),
                 nodes_.end());
  }

  // -- what a test does -------------------------------------------------------

  /// Steps a node, without delivering anything.
  void step(test_node& x, const core_event& what) {
    execute(x, x.core.step(what, now, x.processes));
  }

  /// Steps a node by several events at once, as a slice of requests does.
  void step_all(test_node& x, const std::vector<core_event>& slice) {
    node_effects effects;
    x.core.begin(now);
    for (const auto& what : slice)
      x.core.apply(what, x.processes, effects);
    x.core.finish(effects);
    execute(x, effects);
  }

  /// Does what a node wants done, without delivering anything.
  void execute(test_node& from, const node_effects& effects) {
    effects.for_each([&](const auto& x) {
      one_by_one(x, [&](const auto& y) { on(from, y); });
    });
  }

  void monitor(test_node& x, const pid& watcher, const target& object,
               uint64_t number) {
    step(x, event::monitor{watcher, object, ref(number)});
  }

  void exit(test_node& x, uint32_t number, const exit_reason& reason) {
    x.processes.end(number);
    step(x, event::process_exited{proc(x.name, number, x.core.plane().life()),
                                  reason});
  }

  /// Connects two nodes and forgets what they say about it.
  void connect(test_node& x, test_node& y) {
    step(x, event::connect{y.name});
    run();
    REQUIRE(x.sees(y.name));
    REQUIRE(y.sees(x.name));
    x.take();
    y.take();
  }

  /// Delivers the message that is due next; returns false if there is none.
  /// With `random`, messages of one connection stay in order, and others do
  /// not.
  bool deliver_one(std::mt19937* random = nullptr) {
    std::vector<size_t> heads;
    for (size_t i = 0; i < queue_.size(); ++i) {
      auto same = [&](size_t j) {
        return queue_[j].to == queue_[i].to
               && queue_[j].channel == queue_[i].channel;
      };
      if (std::none_of(heads.begin(), heads.end(), same))
        heads.push_back(i);
      if (random == nullptr)
        break;
    }
    if (heads.empty())
      return false;
    auto i = random != nullptr ? heads[(*random)() % heads.size()] : heads[0];
    auto x = std::move(queue_[i]);
    queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(i));
    if (is_there(x.to))
      step(*x.to, x.what);
    return true;
  }

  /// Loses, repeats or puts last one of the messages under way.
  void disturb(std::mt19937& random) {
    if (queue_.empty())
      return;
    auto i = static_cast<std::ptrdiff_t>(random() % queue_.size());
    auto x = queue_[static_cast<size_t>(i)];
    if (!std::holds_alternative<event::arrived>(x.what))
      return;
    auto what = random() % 3;
    if (what != 0)
      queue_.push_back(x);
    if (what != 1)
      queue_.erase(queue_.begin() + i);
  }

  /// Delivers until nothing is under way.
  void run() {
    for (auto n = 0; deliver_one(); ++n)
      REQUIRE(n < 10'000); // Two nodes answer each other for ever.
  }

  /// Lets time pass, waking every node when it wants to be woken.
  void pass(timespan time) {
    run();
    auto end = now + time;
    for (;;) {
      test_node* first = nullptr;
      for (auto& x : nodes_)
        if (auto due = x->core.next_wake())
          if (!first || *due < *first->core.next_wake())
            first = x.get();
      if (first == nullptr || *first->core.next_wake() > end)
        break;
      now = std::max(now, *first->core.next_wake());
      step(*first, event::timer{});
      if (auto next = first->core.next_wake())
        REQUIRE(*next > now);
      run();
    }
    now = end;
  }

  /// One dial of either side leads to the same pair of connection ids, as CAF
  /// can make it. Otherwise every dial makes a connection of its own.
  bool shared_connections = false;

  /// Dials find nobody.
  bool unreachable = false;

  /// Messages are lost without a word.
  bool mute = false;

  /// Hanging up one connection closes all others between the same two nodes, as
  /// CAF can make it.
  bool greedy_hang_up = false;

  /// Closes all connections; with `only`, nobody else learns of it.
  void disconnect_all(test_node* only = nullptr) {
    for (auto& y : wires_)
      cut(y, only);
  }

  /// What was transmitted since the test began, e.g. `a>b hello`.
  lines wire_log;

  /// Payloads of the frames that were transmitted.
  std::vector<std::string> payloads;

  time_point now{seconds{1'000}};

private:
  struct wire_end {
    test_node* node = nullptr;
    connection_id id{};
    bool open = false;
  };

  struct wire {
    wire_end end[2];
  };

  struct parcel {
    test_node* to;
    uint64_t channel;
    core_event what;
  };

  bool is_there(const test_node* x) const {
    return std::any_of(nodes_.begin(), nodes_.end(),
                       [x](const auto& y) { return y.get() == x; });
  }

  void post(const wire_end& to, core_event what) {
    queue_.push_back({to.node, static_cast<uint64_t>(to.id), std::move(what)});
  }

  void cut(wire& x, test_node* only = nullptr) {
    for (auto& end : x.end)
      if (std::exchange(end.open, false)
          && (only == nullptr || end.node == only))
        post(end, event::disconnected{end.id});
  }

  void on(test_node& from, const effect::dial& x) {
    auto answer = [&](core_event what) {
      queue_.push_back({&from, 0, std::move(what)});
    };
    test_node* to = nullptr;
    for (auto& y : nodes_)
      if (y->name == x.peer)
        to = y.get();
    if (to == nullptr || unreachable)
      return answer(event::dial_failed{x.dial, {errc::refused, {}}});
    if (shared_connections)
      for (auto& y : wires_)
        for (auto i : {0, 1})
          if (y.end[i].node == &from && y.end[1 - i].node == to && y.end[i].open
              && y.end[1 - i].open)
            return answer(event::connected{x.dial, y.end[i].id});
    wires_.push_back({{{&from, connection_id{++last_id_}, true},
                       {to, connection_id{++last_id_}, true}}});
    answer(event::connected{x.dial, wires_.back().end[0].id});
  }

  void on(test_node& from, const effect::transmit& x) {
    for (auto& y : wires_)
      for (auto i : {0, 1})
        if (y.end[i].node == &from && y.end[i].id == x.connection) {
          auto& to = y.end[1 - i];
          auto kind = to_string(x.message);
          wire_log.push_back(brief(from.name) + ">" + brief(to.node->name) + " "
                             + kind.substr(0, kind.find(' ')));
          if (auto z = std::get_if<frame>(&x.message))
            payloads.push_back(z->bytes);
          if (y.end[i].open && to.open && !mute)
            post(to, event::arrived{to.id, x.message});
        }
  }

  void on(test_node& from, const effect::hang_up& x) {
    for (auto& y : wires_)
      for (auto i : {0, 1})
        if (y.end[i].node == &from && y.end[i].id == x.connection) {
          y.end[i].open = false;
          cut(y);
          if (greedy_hang_up)
            for (auto& z : wires_)
              for (auto j : {0, 1})
                if (z.end[j].node == &from
                    && z.end[1 - j].node == y.end[1 - i].node)
                  cut(z);
        }
  }

  void on(test_node& from, const effect::stopped&) {
    from.stopped = true;
    from.told.push_back("stopped");
  }

  void on(test_node&, const effect::link_lost&) {
    // nop: every nodedown would bring one
  }

  template <class Effect>
  void on(test_node& from, const Effect& x) {
    from.told.push_back(test::line(x));
  }

  std::vector<std::unique_ptr<test_node>> nodes_;
  std::vector<std::unique_ptr<test_node>> graveyard_;
  std::deque<wire> wires_;
  std::deque<parcel> queue_;
  uint64_t last_id_ = 0;
};

/// Node a and node b, not connected yet; each with processes 1 to 3.
struct two_nodes {
  two_nodes() {
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
    CHECK(x.plane().num_outbound(y.name) == y.plane().num_inbound(x.name));
    for (const auto& m : x.plane().monitors_on(y.name))
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
