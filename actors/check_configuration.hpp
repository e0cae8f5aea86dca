#pragma once

#include <vigil/errc.hpp>

#include <caf/fwd.hpp>

namespace vigil {

/// Returns what is wrong with the options of an actor system in which a node is
/// to live; `errc::none` if nothing is.
error check_options(const caf::actor_system_config& x);

} // namespace vigil
