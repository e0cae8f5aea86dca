// What a step costs that concerns no peer: a process has ended that nobody
// watches, so that nothing is sent and no link is asked. How many peers there
// are, or were, must not matter.

#include <vigil/core/time_point.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>
#include <vigil/reference.hpp>
#include <vigil/requests.hpp>
#include <vigil/runtime.hpp>
#include "bench/core/heap.hpp"
#include "bench/core/parties.hpp"
#include "messages/session_message.hpp"
#include "src/front/front_state.hpp"
#include "src/link/ids.hpp"
#include "src/node/core_event.hpp"
#include "src/node/node_core.hpp"
#include "src/node/node_effects.hpp"
#include "src/node/node_executor.hpp"
#include "src/node/node_host.hpp"
#include "src/session/session_layer.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace vigil::bench {

namespace {

/// How far a step moves the node's clock. Short, so that no peer's time comes
/// within a benchmark.
constexpr std::chrono::nanoseconds moment{100};

constexpr int64_t names_met = 100000;

session_config config_here() {
  session_config result;
  result.self = here();
  result.life = life_here;
  result.being = {1, 1};
  return result;
}

/// Of a process that nobody has ever heard of.
exit_report unwatched_exit() {
  return {watcher_of(0), exit_reason::killed()};
}

/// The processes of a node that has none.
class no_processes final : public runtime {
public:
  bool alive(const pid&) const noexcept override {
    return false;
  }

  std::optional<pid> whereis(const process_name&) const noexcept override {
    return std::nullopt;
  }

  void deliver(const down_notice*, size_t) noexcept override {
    // nop
  }

  void remove_down(const pid&, reference) noexcept override {
    // nop
  }
};

/// Returns the number that whoever says `x` has given the session.
session_number sender_of(const session_message& x) {
  return std::visit([](const auto& y) { return y.numbers.sender; }, x);
}

/// Does nothing but note what a peer has to know.
class idle_host final : public node_host {
public:
  time_point now() override {
    return time_ += moment;
  }

  void dial(const effect::dial&) override {
    // nop
  }

  void transmit(effect::transmit& x) override {
    last_number = sender_of(x.message);
  }

  void hang_up(const effect::hang_up&) override {
    // nop
  }

  void wake_at(time_point) override {
    // nop
  }

  void resume_later() override {
    // nop
  }

  void slice_later() override {
    // nop
  }

  void stepped() override {
    // nop
  }

  void stopped() override {
    // nop
  }

  void note(const effect::node_up&) override {
    // nop
  }

  void note(const effect::node_down&) override {
    // nop
  }

  void note(const effect::connect_failed&) override {
    // nop
  }

  void note(const exit_fault&) override {
    // nop
  }

  void note(const effect::ticks_missed&) override {
    // nop
  }

  session_number last_number{};

private:
  time_point time_{std::chrono::seconds{1000}};
};

/// A node core, stepped as an executor does it; what it wants done is ignored.
class core_alone {
public:
  void step(const core_event& what) {
    core_.begin(time_ += moment);
    core_.apply(what, processes_, effects_);
    core_.finish(effects_);
    for (const auto& x : effects_.network)
      if (auto message = std::get_if<effect::transmit>(&x))
        last_number_ = sender_of(message->message);
    effects_.clear();
    auto wake = core_.next_wake();
    benchmark::DoNotOptimize(wake);
  }

  void exit(const exit_report& x) {
    step(event::process_exited{x.process, x.reason});
  }

  session_number last_number() const noexcept {
    return last_number_;
  }

  const node_core& core() const noexcept {
    return core_;
  }

private:
  no_processes processes_;
  node_core core_{config_here()};
  node_effects effects_;
  time_point time_{std::chrono::seconds{1000}};
  session_number last_number_{};
};

/// A node core with its executor, and nothing around them.
class whole_node {
public:
  void step(const core_event& what) {
    executor_.step(what);
  }

  void exit(const exit_report& x) {
    executor_.process_exited(x, {});
  }

  session_number last_number() const noexcept {
    return host_.last_number;
  }

  const node_core& core() const noexcept {
    return std::as_const(executor_).core();
  }

private:
  front_state front_{here(), life_here, 1};
  no_processes processes_;
  idle_host host_;
  node_executor executor_{{config_here(), {}}, front_, processes_, host_};
};

/// One peer after the other, played by hand.
template <class Node>
class peers_of {
public:
  explicit peers_of(Node& node) : node_(node) {
    // nop
  }

  /// Brings a session up that the peer has begun.
  void come_up(std::string name) {
    ++connection_;
    hello greeting;
    greeting.name = std::move(name);
    greeting.life = life_there;
    greeting.being = {7, 7};
    greeting.numbers.sender = session_number{7};
    greeting.tick_time = 8000;
    arrive(greeting);
    greeting.numbers.receiver = node_.last_number();
    arrive(greeting);
    numbers_ = greeting.numbers;
  }

  /// Ends the last one in good order.
  void leave() {
    arrive(goodbye{numbers_, {down_cause::requested, errc::closed, {}}});
    node_.step(event::disconnected{connection_id{connection_}});
  }

private:
  void arrive(session_message x) {
    node_.step(event::arrived{connection_id{connection_}, std::move(x)});
  }

  Node& node_;
  uint64_t connection_ = 0;
  session_pair numbers_;
};

std::string name_of(std::string_view prefix, size_t i) {
  return std::string{prefix} + std::to_string(i) + "@localhost";
}

/// Lets a node meet `met` peers that go again, and then `up` that stay. Returns
/// whether it did.
template <class Node>
bool populate(Node& node, size_t up, size_t met) {
  peers_of<Node> peers{node};
  for (size_t i = 0; i < met; ++i) {
    peers.come_up(name_of("met", i));
    peers.leave();
  }
  for (size_t i = 0; i < up; ++i)
    peers.come_up(name_of("up", i));
  return node.core().plane().nodes().size() == up
         && node.core().sessions().counters().sessions == up + met;
}

template <class Node>
void idle_step(benchmark::State& state) {
  Node node;
  if (!populate(node, static_cast<size_t>(state.range(0)),
                static_cast<size_t>(state.range(1))))
    return state.SkipWithError("a session did not come up, or stayed");
  auto ended = unwatched_exit();
  for ([[maybe_unused]] auto _ : state)
    node.exit(ended);
}

/// Stores the names that are met below; returns how many bytes that took. Names
/// are never freed, so it can be asked for once only.
double store_names() {
  auto before = heap_in_use();
  for (size_t i = 0; i < names_met; ++i)
    benchmark::DoNotOptimize(node_name::parse(name_of("met", i)));
  return heap_in_use() - before;
}

/// What peers that came up and went leave on the heap: in the program's store
/// of names, and in their node.
void memory_of_names(benchmark::State& state) {
  static const auto stored = store_names();
  double kept = 0;
  for ([[maybe_unused]] auto _ : state) {
    whole_node node;
    auto before = heap_in_use();
    if (!populate(node, 0, names_met))
      return state.SkipWithError("a session did not come up, or stayed");
    kept = heap_in_use() - before;
  }
  state.counters["bytes_a_name"] = stored / names_met;
  state.counters["bytes_a_peer"] = kept / names_met;
}

void crowds(benchmark::internal::Benchmark* x) {
  x->ArgNames({"up", "met"});
  for (auto up : {1, 64, 256, 1000})
    x->Args({up, 0});
  x->Args({1, names_met});
}

} // namespace

// Before the steps, which meet the same names.
BENCHMARK(memory_of_names)->Iterations(1);
// How often is fixed, or the peers would come anew for each guess.
BENCHMARK_TEMPLATE(idle_step, core_alone)->Apply(crowds)->Iterations(2000000);
BENCHMARK_TEMPLATE(idle_step, whole_node)->Apply(crowds)->Iterations(2000000);

} // namespace vigil::bench
