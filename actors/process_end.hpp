#pragma once

#include <vigil/core/time_point.hpp>

#include <caf/actor.hpp>

#include <chrono>
#include <vector>

namespace vigil {

/// How long a node that stops waits for processes that were told to shut down.
inline constexpr timespan process_patience{std::chrono::seconds{1}};

/// How long it waits for those whom it can do no more about: its dials, actors
/// that were killed, its actor system.
inline constexpr timespan stop_patience{std::chrono::milliseconds{500}};

/// Tells actors to shut down, and after `patience` kills those that have not
/// ended. Returns when all have ended, at the latest after `rest` more: nothing
/// ends an actor which does not return from a message.
void end_actors(const std::vector<caf::actor>& actors, timespan patience,
                timespan rest);

} // namespace vigil
