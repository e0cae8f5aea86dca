#pragma once

#include "tests/actors/hand_played_peer.hpp"

namespace vigil::test {

/// The threads of a runtime on node a, whose control plane runs only when told.
struct runtime_world : control_plane_world {
  using control_plane_world::control_plane_world;

  reference monitor(const pid& watcher, const target& object) {
    reference result{};
    CHECK(threads.try_monitor(watcher, object, result) == errc::none);
    return result;
  }

  bool demonitor(const pid& watcher, reference x) {
    auto found = false;
    CHECK(threads.demonitor(watcher, x, {false, true}, found) == errc::none);
    return found;
  }

  runtime_front threads{front};
};

} // namespace vigil::test
