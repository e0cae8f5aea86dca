#pragma once

#include "testkit/net/bare_node.hpp"
#include "tests/core/session_layer_fixture.hpp"
#include "tests/core/transcript.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace vigil::test {

/// A whole node core on a network, its processes, and what it has told them.
/// DOWNs go to processes that are alive; the gate of a real node is not here.
class test_node final : public testkit::bare_node {
public:
  test_node(testkit::wire_network& network, testkit::world& home,
            testkit::life_id id, const session_config& config)
    : bare_node(network, home, id, config),
      processes(config.self, config.life) {
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

  /// Takes one event, without delivering anything.
  void step(const core_event& what) override {
    ++num_steps;
    execute(core.step(what, now(), processes));
    if (!std::holds_alternative<event::timer>(what))
      return;
    ++num_wakes;
    if (auto next = core.next_wake())
      REQUIRE(*next > now());
  }

  /// Takes several events at once, as a slice of requests does.
  void step_all(const std::vector<core_event>& slice) {
    node_effects effects;
    core.begin(now());
    for (const auto& what : slice)
      core.apply(what, processes, effects);
    core.finish(effects);
    execute(effects);
  }

  /// Does what the core wants done, without delivering anything.
  void execute(const node_effects& effects) {
    if (on_effects)
      on_effects(effects);
    effects.for_each(
      [&](const auto& x) { one_by_one(x, [&](const auto& y) { tell(y); }); });
    carry_out(effects);
  }

  processes_stub processes;
  lines told;
  bool stopped = false;

  /// How many events it has taken one by one, and how many were timers.
  uint64_t num_steps = 0;
  uint64_t num_wakes = 0;

  /// Sees what each step wants done, before it is.
  std::function<void(const node_effects&)> on_effects;

private:
  void tell(const effect::dial&) {
    // nop
  }

  void tell(const effect::transmit&) {
    // nop
  }

  void tell(const effect::hang_up&) {
    // nop
  }

  void tell(const effect::yield&) {
    // nop
  }

  void tell(const effect::link_lost&) {
    // nop: every nodedown would bring one
  }

  void tell(const effect::stopped&) {
    stopped = true;
    told.push_back("stopped");
  }

  template <class Effect>
  void tell(const Effect& x) {
    told.push_back(test::line(x));
  }
};

} // namespace vigil::test
