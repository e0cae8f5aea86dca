#pragma once

#include <vigil/process_table.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>
#include "src/front/front_state.hpp"
#include "src/node/node_executor.hpp"
#include "testkit/net/quiet_world.hpp"
#include "testkit/net/simple_station.hpp"
#include "testkit/net/wire_network.hpp"
#include "tests/core/session_layer_fixture.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// A program without CAF: nodes in one thread, whose time passes when a test
/// says so.
namespace vigil::test {

/// What the nodes share: a clock, and a network on which messages take 1 ms.
class own_world {
public:
  own_world() {
    auto& sky = state_.sky;
    sky.min_latency = sky.latency = milliseconds{1};
  }

  /// Nothing that is sent arrives.
  void mute(bool value) {
    state_.sky.lost = value ? 1000 : 0;
  }

  time_point now() const {
    return state_.clock.now();
  }

  /// Lets the next thing happen, and the time come for it; false if nothing is
  /// to happen until `end`.
  bool run_one(time_point end) {
    running_ = true;
    auto result = state_.clock.run_next(end);
    running_ = false;
    return result;
  }

  void pass(timespan time) {
    auto end = now() + time;
    while (run_one(end))
      ;
  }

  /// Returns whether something happens at the moment: nobody may wait then.
  bool running() const noexcept {
    return running_;
  }

  void add(testkit::station& x) {
    nodes_[x.name()] = &x;
  }

  testkit::life_id next_life() {
    return nodes_.size() + 1;
  }

  testkit::world& state() {
    return state_;
  }

  testkit::wire_network& network() {
    return network_;
  }

private:
  testkit::station* listener(node_name name) const {
    auto i = nodes_.find(name);
    return i != nodes_.end() ? i->second : nullptr;
  }

  testkit::quiet_world state_;
  testkit::wire_network network_{state_,
                                 [this](node_name x) { return listener(x); }};
  std::map<node_name, testkit::station*> nodes_;
  bool running_ = false;
};

/// Asks an executor of this thread by letting the world go on until it answers.
class own_port final : public plane_port {
public:
  own_port(own_world& world, node_executor& plane)
    : world_(world),
      plane_(plane) {
    // nop
  }

  bool may_wait() const noexcept override {
    return !world_.running();
  }

  result<unit> connect(node_name peer, bool keep) override {
    return ask<unit>([=](auto answer) {
      plane_.connect({peer, keep}, std::move(answer));
    });
  }

  result<unit> disconnect(node_name peer) override {
    return ask<unit>(
      [=](auto answer) { plane_.disconnect({peer}, std::move(answer)); });
  }

  result<unit> sync(node_name peer, timespan limit) override {
    return ask<unit>(
      [=](auto answer) { plane_.sync({peer}, std::move(answer)); }, limit);
  }

  result<monitor_list> monitors(const pid& watcher) override {
    return ask<monitor_list>(
      [=](auto answer) { plane_.monitors({watcher}, std::move(answer)); });
  }

  result<watcher_list> monitored_by(const pid& process) override {
    return ask<watcher_list>(
      [=](auto answer) { plane_.monitored_by({process}, std::move(answer)); });
  }

  result<node_list> nodes() override {
    return ask<node_list>([=](auto answer) { answer.deliver(plane_.nodes()); });
  }

  result<statistics> stats() override {
    return ask<statistics>(
      [=](auto answer) { plane_.stats({}, std::move(answer)); });
  }

private:
  /// Asks when what was requested before has had its turn, and waits.
  template <class T, class Question>
  result<T> ask(Question question, timespan limit = seconds{60}) {
    // Lasts as long as somebody may answer, also after the limit.
    auto outcome = std::make_shared<std::optional<result<T>>>();
    completion<T> answer{[outcome](const result<T>& x) { *outcome = x; }};
    world_.state().clock.in({}, [question, answer] { question(answer); });
    auto end = world_.now() + limit;
    while (!*outcome && world_.run_one(end))
      ;
    return outcome->value_or(result<T>{errc::busy});
  }

  own_world& world_;
  node_executor& plane_;
};

/// One node of the program: its processes, and an executor that it drives.
class own_node final : public runtime,
                       public testkit::simple_station,
                       private node_host {
public:
  own_node(own_world& world, node_name name)
    : simple_station(world.state(), world.next_life(), name),
      world_(world),
      state_(std::make_shared<front_state>(name, first_life, 1)),
      executor_({config_of(name), {}}, *state_, *this, *this),
      front(state_) {
    world_.add(*this);
    state_->plane = std::make_shared<own_port>(world_, executor_);
    state_->queue.on_waiting(
      [this] { later([this] { executor_.on_requests(); }); });
    state_->open = true;
    state_->runtime = this;
  }

  pid spawn() {
    auto x = front.new_pid();
    CHECK(processes_.add(x, {}) == errc::none);
    return x;
  }

  /// First invisible, then reported.
  void end(const pid& x, std::string_view reason) {
    processes_.remove(x);
    CHECK(front.process_exited(x, atom(reason)) == errc::none);
  }

  /// Stops the node, and closes the front.
  void stop() {
    state_->queue.close();
    auto answered = false;
    executor_.stop(
      completion<unit>{[&](const result<unit>&) { answered = true; }});
    while (!answered)
      REQUIRE(world_.run_one(world_.now() + seconds{60}));
    state_->queue.on_waiting(nullptr);
    state_->open = false;
  }

  void step(const core_event& what) override {
    executor_.step(what);
  }

  /// Called from within each delivery.
  std::function<void()> on_deliver;

  /// What its processes and people were told, a line each, since the last call.
  lines take() {
    return std::exchange(told_, {});
  }

  // -- runtime ----------------------------------------------------------------

  bool alive(const pid& x) const noexcept override {
    return processes_.contains(x);
  }

  std::optional<pid> whereis(const process_name& x) const noexcept override {
    return processes_.whereis(x);
  }

  void deliver(const down_notice* first, size_t count) noexcept override {
    if (on_deliver)
      on_deliver();
    for (auto i = first; i != first + count; ++i)
      told_.push_back("down " + brief(*i));
  }

  void remove_down(const pid& watcher, reference ref) noexcept override {
    told_.push_back("remove " + brief(watcher) + ' ' + brief(ref));
  }

private:
  // -- node_host --------------------------------------------------------------

  time_point now() override {
    return world_.now();
  }

  void dial(const effect::dial& x) override {
    world_.network().dial(*this, x);
  }

  void transmit(effect::transmit& x) override {
    world_.network().transmit(*this, x.connection, {std::move(x.message), {}});
  }

  void hang_up(const effect::hang_up& x) override {
    world_.network().hang_up(*this, x.connection);
  }

  void wake_at(time_point due) override {
    home().clock.wake_at(due, [this, due] {
      if (running())
        executor_.on_timer(due);
    });
  }

  void resume_later() override {
    later([this] { executor_.resume(); });
  }

  void slice_later() override {
    later([this] { executor_.on_slice(); });
  }

  void stepped() override {
    // nop
  }

  void stopped() override {
    simple_station::end();
    told_.emplace_back("stopped");
  }

  void note(const effect::node_up& x) override {
    told_.push_back(line(x));
  }

  void note(const effect::node_down& x) override {
    told_.push_back(line(x));
  }

  void note(const effect::connect_failed& x) override {
    told_.push_back(line(x));
  }

  void note(const exit_fault& x) override {
    told_.push_back(line(x));
  }

  void note(const effect::ticks_missed& x) override {
    told_.push_back(line(x));
  }

  own_world& world_;
  process_table<std::monostate> processes_;
  lines told_;
  std::shared_ptr<front_state> state_;
  node_executor executor_;

public:
  runtime_front front;
};

} // namespace vigil::test
