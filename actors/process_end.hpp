#pragma once

#include <vigil/core/time_point.hpp>

#include <caf/actor.hpp>

#include <vector>

namespace vigil {

/// Tells actors to shut down, and after `patience` kills those that have not
/// ended. Returns when all have ended, at the latest after `rest` more: nothing
/// ends an actor which does not return from a message.
void end_actors(const std::vector<caf::actor>& actors, timespan patience,
                timespan rest);

} // namespace vigil
