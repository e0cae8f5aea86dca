#pragma once

#include <vigil/core/control_event.hpp>
#include "src/session/network_event.hpp"

#include <variant>

namespace vigil {

/// What a whole node core reacts to.
using core_event
  = std::variant<event::monitor, event::demonitor, event::process_exited,
                 event::connect, event::disconnect, event::stop, event::resume,
                 event::connected, event::dial_failed, event::arrived,
                 event::disconnected, event::timer, event::sync>;

} // namespace vigil
