#pragma once

#include "src/node/node_core.hpp"
#include "testkit/net/alarm.hpp"
#include "testkit/net/simple_station.hpp"
#include "testkit/net/wire_network.hpp"

namespace vigil::testkit {

/// A node that is its core and no more: no front, no executor. It wakes when
/// the core wants to be woken.
class bare_node : public simple_station {
public:
  bare_node(wire_network& network, testkit::world& home, life_id id,
            const session_config& config, const control_limits& limits = {});

  node_core core;

protected:
  /// Does what of a step's effects is for the network or for the clock. What
  /// they tell processes and people is of no concern here.
  void carry_out(const node_effects& effects);

  virtual void dial(const effect::dial& x);

private:
  void set_alarm();

  wire_network& network_;
  /// Rings when the core wants to be woken.
  alarm alarm_;
};

} // namespace vigil::testkit
