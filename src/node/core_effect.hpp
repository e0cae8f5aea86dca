#pragma once

#include <vigil/core/control_effect.hpp>
#include "src/session/network_effect.hpp"

#include <variant>

namespace vigil {

/// What leaves a whole node core.
using core_effect
  = std::variant<effect::deliver_down, effect::retire, effect::node_up,
                 effect::node_down, effect::connect_failed, effect::yield,
                 effect::dial, effect::transmit, effect::hang_up,
                 effect::ticks_missed, effect::synced, effect::stopped>;

} // namespace vigil
