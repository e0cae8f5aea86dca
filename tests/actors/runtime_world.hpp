#pragma once

#include "tests/actors/hand_played_peer.hpp"

namespace vigil::test {

/// The threads of a runtime on node a, whose control plane runs only when told.
struct runtime_world : control_plane_world {
  using control_plane_world::control_plane_world;

  reference monitor(const pid& watcher, const target& object) {
    return threads.try_monitor(watcher, object).value();
  }

  bool demonitor(const pid& watcher, reference x) {
    return threads.demonitor(watcher, x).value();
  }

  runtime_front threads{front};
};

} // namespace vigil::test
