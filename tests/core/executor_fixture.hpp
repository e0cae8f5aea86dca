#pragma once

#include <vigil/runtime_front.hpp>
#include "src/front/callback_scope.hpp"
#include "src/node/node_executor.hpp"
#include "src/session/frame_codec.hpp"
#include "tests/core/noting_host.hpp"
#include "tests/core/session_layer_fixture.hpp"
#include "tests/core/transcript.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the tests of the node executor share: node a, whose host, runtime and
/// callers write down what happens to them, all in one transcript.
namespace vigil::test {

/// The processes of node a, and what they and the node's programs are told.
class noting_runtime final : public runtime {
public:
  explicit noting_runtime(lines& log) : log_(log) {
    // nop
  }

  bool alive(const pid& x) const noexcept override {
    question(x);
    auto result = processes.alive(x);
    question(x);
    return result;
  }

  std::optional<pid> whereis(const process_name& x) const noexcept override {
    question(x);
    auto result = processes.whereis(x);
    question(x);
    return result;
  }

  void deliver(const down_notice* first, size_t count) noexcept override {
    if (on_deliver)
      on_deliver();
    std::string text{"down"};
    for (auto i = first; i != first + count; ++i)
      text += (i == first ? " " : " | ") + brief(*i)
              + (show_provenance
                   ? provenance(i->message.origin, i->message.loss)
                   : "");
    log_.push_back(text);
  }

  void remove_down(const pid& watcher, reference ref) noexcept override {
    log_.push_back("remove " + brief(watcher) + ' ' + brief(ref));
  }

  void on_node_event(const node_event& x) noexcept override {
    if (on_event)
      on_event();
    log_.push_back((x.up ? "nodeup " : "nodedown ") + brief(x.peer)
                   + (show_provenance ? " " + std::to_string(x.loss) : ""));
  }

  processes_stub processes{node_a};
  /// Where each DOWN comes from, and the number of each loss.
  bool show_provenance = false;
  /// Called from within each call, before it is written down.
  std::function<void()> on_deliver;
  std::function<void()> on_event;
  /// Called before and after each answer, by whoever asks.
  std::function<void(const target&)> on_question;

private:
  void question(const pid& x) const {
    if (on_question)
      on_question(x);
  }

  void question(const process_name& x) const {
    if (on_question)
      on_question(named_target{x, node_a});
  }

  lines& log_;
};

/// Never has anything to say, and never stands in anybody's way.
class silent_port final : public plane_port {
public:
  bool may_wait() const noexcept override {
    return true;
  }

  result<unit> connect(node_name, bool) override {
    return errc::shutdown;
  }

  result<unit> disconnect(node_name) override {
    return errc::shutdown;
  }

  result<unit> sync(node_name, timespan) override {
    return errc::shutdown;
  }

  result<monitor_list> monitors(const pid&) override {
    return errc::shutdown;
  }

  result<watcher_list> monitored_by(const pid&) override {
    return errc::shutdown;
  }

  result<node_list> nodes() override {
    return errc::shutdown;
  }

  result<statistics> stats() override {
    return errc::shutdown;
  }
};

/// So many monitors end in a step.
inline control_limits slices_of(size_t count) {
  control_limits result;
  result.step_work = 8 * count;
  return result;
}

/// Node a, whose peers are full when so much waits for them.
inline session_config bounded(size_t max_backlog) {
  auto result = config_of(node_a);
  result.max_backlog = max_backlog;
  return result;
}

/// The executor of node a, whose processes a1 to a3 are alive. Other nodes are
/// played by hand, each over the connection of its own letter.
struct executor_fixture {
  explicit executor_fixture(const control_limits& limits = {},
                            size_t max_backlog = 1024 * 1024,
                            executor_probe* probe = nullptr)
    : x({bounded(max_backlog), limits}, front, processes, host, probe) {
    for (uint32_t i = 1; i <= 3; ++i)
      processes.processes.spawn(i);
    front.plane = std::make_shared<silent_port>();
    front.open = true;
    front.runtime = &processes;
    front.queue.on_waiting([this] { woken = true; });
  }

  /// Returns what has happened since the last call.
  lines take() {
    return std::exchange(log, {});
  }

  // -- what threads do --------------------------------------------------------

  reference request_monitor(const pid& watcher, const target& object) {
    return threads.try_monitor(watcher, object).value();
  }

  bool request_demonitor(const pid& watcher, reference ref) {
    return threads.demonitor(watcher, ref).value();
  }

  // -- what actors do ---------------------------------------------------------

  template <class T = unit>
  completion<T> answer(const std::string& who) {
    return completion<T>{[this, who](const result<T>& outcome) {
      log.push_back(
        who + ' '
        + (outcome ? "ok" : std::string{to_string(outcome.failure().code)}));
    }};
  }

  /// Asks for a monitor, and waits for room if there is none.
  std::string monitor(const pid& watcher, const target& object,
                      const std::string& who = "monitor") {
    auto outcome = std::make_shared<std::string>("waits");
    auto asking = std::make_shared<bool>(true);
    auto later = answer<reference>(who);
    x.monitor({object, watcher},
              completion<reference>{[=](const result<reference>& y) mutable {
                if (!*asking)
                  later.deliver(y);
                *outcome = y ? brief(*y)
                             : std::string{to_string(y.failure().code)};
              }});
    *asking = false;
    return *outcome;
  }

  /// Ends a process as a runtime does: first invisible, then reported.
  void exit(uint32_t number, std::string_view reason) {
    processes.processes.end(number);
    x.process_exited({proc(node_a, number), atom(reason)}, {});
  }

  /// Ends a monitor, whose turn must be now.
  bool demonitor(const pid& watcher, reference ref) {
    auto found = false;
    x.demonitor({ref, {}, watcher}, answer_into<bool>(found));
    return found;
  }

  /// Lets the executor go on as often as it wants; returns what happened.
  lines go_on() {
    lines result;
    for (auto more = true; more;) {
      more = false;
      x.on_slice();
      x.resume();
      for (auto& line : take())
        if (line == "slice later" || line == "resume later")
          more = true;
        else
          result.push_back(std::move(line));
    }
    return result;
  }

  /// Stores an answer that is expected at once.
  template <class T>
  static completion<T> answer_into(T& where) {
    return completion<T>{[&where](const result<T>& y) { where = *y; }};
  }

  /// Returns one of the node's counters.
  uint64_t count(std::string_view name) {
    statistics all;
    x.stats({}, answer_into(all));
    auto& values = all.values;
    auto i = std::find_if(values.begin(), values.end(),
                          [&](const auto& y) { return y.first == name; });
    REQUIRE(i != values.end());
    return i->second;
  }

  // -- what other nodes do ----------------------------------------------------

  static connection_id connection(node_name peer) {
    return connection_id{static_cast<uint64_t>(peer.alive()[0])};
  }

  void arrive(node_name peer, session_message message) {
    x.step(event::arrived{connection(peer), std::move(message)});
  }

  void say_hello(node_name peer) {
    hello greeting;
    greeting.name = peer.str();
    greeting.life = first_life;
    greeting.being = {7, 7};
    greeting.numbers = numbers(peer);
    greeting.tick_time = 8'000;
    arrive(peer, std::move(greeting));
  }

  /// Makes a session, begun by the peer.
  void come_up(node_name peer) {
    host.own_number = {};
    say_hello(peer);
    sessions[peer].numbers.receiver = host.own_number;
    say_hello(peer);
    REQUIRE(x.core().plane().is_up(peer));
    take();
  }

  /// Sends several messages in one frame, which acknowledges nothing.
  void send(node_name peer, const std::vector<control_message>& messages) {
    frame_encoder encoder{{peer, first_life, node_a, first_life}};
    for (const auto& message : messages)
      encoder.add(message);
    arrive(peer, frame{numbers(peer), ++sessions[peer].sent, 0,
                       encoder.take().complete()});
  }

  void acknowledge(node_name peer) {
    arrive(peer, tick{numbers(peer), host.frames[connection(peer)].size(),
                      sessions[peer].sent});
  }

  void close(node_name peer) {
    x.step(event::disconnected{connection(peer)});
  }

  session_pair numbers(node_name peer) {
    auto& result = sessions[peer].numbers;
    result.sender = session_number{7};
    return result;
  }

  struct peer_session {
    session_pair numbers;
    uint64_t sent = 0;
  };

  lines log;
  std::map<node_name, peer_session> sessions;
  /// Whether the queue has called for the control plane.
  bool woken = false;
  noting_runtime processes{log};
  noting_host host{log};
  std::shared_ptr<front_state> state
    = std::make_shared<front_state>(node_a, first_life, 100);
  front_state& front = *state;
  runtime_front threads{state};
  node_executor x;
  const pid a1 = proc(node_a, 1);
  const pid a2 = proc(node_a, 2);
  const pid a3 = proc(node_a, 3);
  const pid b1 = proc(node_b, 1);
  const pid c1 = proc(node_c, 1);
};

} // namespace vigil::test
