#pragma once

#include <vigil/control_plane_handle.hpp>
#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/runtime.hpp>
#include "src/front/gate.hpp"
#include "src/front/link_board.hpp"
#include "src/front/pid_source.hpp"
#include "src/front/reference_source.hpp"
#include "src/front/request_queue.hpp"

#include <caf/fwd.hpp>

#include <atomic>
#include <cstdint>
#include <shared_mutex>
#include <thread>

namespace vigil {

/// What a node's control plane and the threads of its runtime share.
///
/// Thread-safety: all members may be used from any thread.
struct front_state {
  front_state(node_name name, creation number, uint32_t first_pid,
              bool cancels_pairs_here = true)
    : self(name),
      life(number),
      cancels_pairs(cancels_pairs_here),
      pids(name, number, first_pid) {
    // nop
  }

  const node_name self;
  const creation life;
  /// As in `node_config`.
  const bool cancels_pairs;
  pid_source pids;
  reference_source references;
  vigil::gate gate;
  link_board board;
  request_queue queue;
  /// The thread in which the control plane runs; set before any call.
  std::thread::id loop;

  /// Held shared by a call that may call back into the runtime on the caller's
  /// thread, or that asks the control plane; held exclusively to stop that.
  std::shared_mutex lifetime;

  /// What follows is valid as long as `open`, under `lifetime`.
  bool open = false;
  vigil::runtime* runtime = nullptr;
  caf::actor_system* system = nullptr;
  control_plane_handle control_plane;
};

} // namespace vigil
