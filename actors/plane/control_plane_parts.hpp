#pragma once

#include <vigil/core/limits.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/log.hpp>
#include <vigil/runtime.hpp>
#include "actors/net/network_port.hpp"
#include "actors/plane/process_lookup.hpp"
#include "src/front/front_state.hpp"
#include "src/session/session_layer.hpp"

#include <cstddef>
#include <memory>

namespace vigil {

/// What a control plane actor works with.
struct control_plane_parts {
  session_config session;
  control_limits limits;
  std::shared_ptr<front_state> front;
  /// Outlives the actor.
  vigil::runtime* runtime = nullptr;
  /// Which process an actor is, if the processes are actors.
  process_source processes;
  std::unique_ptr<network_port> network;
  timespan spin{};
  log_sink log;
};

} // namespace vigil
