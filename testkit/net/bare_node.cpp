#include "testkit/net/bare_node.hpp"

#include <type_traits>

namespace vigil::testkit {

bare_node::bare_node(wire_network& network, testkit::world& home, life_id id,
                     const session_config& config, const control_limits& limits)
  : simple_station(home, id, config.self),
    core(config, limits),
    network_(network),
    alarm_(home.clock) {
  // nop
}

void bare_node::carry_out(const node_effects& effects) {
  effects.for_each([this](const auto& x) {
    using type = std::decay_t<decltype(x)>;
    if constexpr (std::is_same_v<type, effect::dial>)
      dial(x);
    else if constexpr (std::is_same_v<type, effect::transmit>)
      network_.transmit(*this, x.connection, {x.message, {}});
    else if constexpr (std::is_same_v<type, effect::hang_up>)
      network_.hang_up(*this, x.connection);
    else if constexpr (std::is_same_v<type, effect::yield>)
      post(event::resume{});
  });
  set_alarm();
}

void bare_node::dial(const effect::dial& x) {
  network_.dial(*this, x);
}

void bare_node::set_alarm() {
  alarm_.set(core.next_wake(), [this] {
    if (!running())
      return;
    auto wanted = core.next_wake();
    if (wanted && *wanted <= now())
      step(event::timer{});
    else
      set_alarm();
  });
}

} // namespace vigil::testkit
