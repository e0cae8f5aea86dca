#pragma once

#include <caf/actor_system_config.hpp>

namespace vigil::bench {

/// How CAF is set up when its own monitors are measured: like a node of vigil,
/// which is CAF's shortest round trip.
class caf_settings : public caf::actor_system_config {
public:
  caf_settings();
};

} // namespace vigil::bench
