// One node core with as many sessions as a large cluster gives it.

#include "tests/core/test_network.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

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

private:
  void step_alone(size_t n, const core_event& what) {
    auto& x = *nodes_[n];
    if (n == 0)
      ++hub_steps;
    if (auto due = x.core.next_wake())
      wakes_.erase({*due, n});
    auto effects = x.core.step(what, now_, x.processes);
    if (auto due = x.core.next_wake())
      wakes_.emplace(*due, n);
    effects.for_each([&](const auto& y) { on(n, y); });
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

} // namespace

TEST_CASE("contract 21: a thousand sessions that have nothing to say stay up, "
          "for a tick each way in a quarter of the tick time") {
  constexpr size_t num_peers = 1'000;
  constexpr uint64_t tick_times = 10;
  constexpr uint64_t ticks = num_peers * tick_times * 4;
  const auto tick_time = config_of(node_a).tick_time;
  star net{num_peers};
  net.connect_all(tick_time / 4);
  net.take();
  const auto before = net.hub().core.sessions().counters();
  net.hub_steps = net.hub_wakes = 0;
  net.pass(tick_time * tick_times);
  CHECK_LINES(net.take(), {});
  const auto& after = net.hub().core.sessions().counters();
  CHECK(after.ticks_sent - before.ticks_sent == ticks);
  CHECK(after.ticks_received - before.ticks_received == ticks);
  CHECK(after.frames_sent == before.frames_sent);
  CHECK(after.ticks_missed == 0);
  // It wakes for each tick that it sends, and for nothing else.
  CHECK(net.hub_wakes == ticks);
  CHECK(net.hub_steps == 2 * ticks);

  net.hub().processes.spawn(1);
  net.peer(500).processes.spawn(1, "db");
  net.step(0, event::monitor{proc(node_a, 1), named("db", star::name(500)),
                             ref(1)});
  net.peer(500).processes.end(1);
  net.step(500, event::process_exited{proc(star::name(500), 1), atom("x")});
  CHECK_LINES(net.take(), {"a: down a1 r1 {db,p500} x"});
}
