// Actors in the thread that reads and writes the sockets, and who else is
// there.

#include "actors/loop/multiplexed.hpp"
#include "tests/actors/loopback.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <future>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Has always something to tell itself, until it is told to end.
class chatterer final : public multiplexed<caf::event_based_actor> {
public:
  explicit chatterer(caf::actor_config& config) : multiplexed(config) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    send(this, 1);
    return {[this](int x) { send(this, x); }};
  }
};

/// Runs `f` in the thread of the multiplexer; returns its result.
template <class F>
auto run_there(caf::actor_system& system, F f) {
  auto done = std::make_shared<std::promise<decltype(f())>>();
  auto result = done->get_future();
  system.middleman().backend().post([=] { done->set_value(f()); });
  REQUIRE(result.wait_for(patience) == std::future_status::ready);
  return result.get();
}

struct middleman_config : caf::actor_system_config {
  middleman_config() {
    load<caf::io::middleman>();
  }
};

} // namespace

TEST_CASE("an actor that is always busy leaves the sockets their turn") {
  middleman_config config;
  caf::actor_system system{config};
  auto busy = system.spawn<chatterer>();
  CHECK(run_there(system, [] { return 7; }) == 7);
  caf::anon_send_exit(busy, caf::exit_reason::kill);
}

TEST_CASE("an actor without a multiplexer runs like any other") {
  caf::actor_system_config config;
  caf::actor_system system{config};
  auto busy = system.spawn<chatterer>();
  caf::scoped_actor self{system};
  self->monitor(busy);
  self->send_exit(busy, caf::exit_reason::kill);
  auto ended = false;
  self->receive([&](const caf::down_msg&) { ended = true; },
                caf::after(patience) >> [] {});
  CHECK(ended);
}

TEST_CASE("what would wait in the control plane's thread is refused there") {
  loopback_node a{node_a};
  auto watcher = a.spawn();
  auto outcome = run_there(a.impl->system(), [&] {
    lines result;
    result.emplace_back(to_string(a.front.stats().code()));
    result.emplace_back(to_string(a.front.connect(node_b).code()));
    result.emplace_back(to_string(a.front.sync(node_b, seconds{1})));
    result.emplace_back(to_string(a.front.monitor(watcher, watcher).code()));
    return result;
  });
  CHECK_LINES(outcome, {"busy", "busy", "busy", "none"});
}
