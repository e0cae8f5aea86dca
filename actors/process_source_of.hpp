#pragma once

#include <vigil/process_registry.hpp>
#include "actors/plane/process_lookup.hpp"

namespace vigil {

/// Returns what tells which process of a registry an actor is. The registry
/// outlives it.
inline process_source process_source_of(const process_registry& x) {
  return {[&x](const caf::actor& y) { return x.pid_of(y); },
          [&x] { return x.last_spawn(); },
          [&x](uint64_t last, const std::function<void()>& f) {
            return x.when_spawned(last, f);
          }};
}

} // namespace vigil
