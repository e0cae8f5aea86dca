#pragma once

#include "actors/control_plane_actor.hpp"
#include "actors/request_queue.hpp"
#include "messages/creation.hpp"
#include "messages/node_name.hpp"
#include "src/gate.hpp"
#include "src/link_board.hpp"
#include "src/pid_source.hpp"
#include "src/reference_source.hpp"

#include <caf/fwd.hpp>

#include <atomic>
#include <cstdint>
#include <shared_mutex>
#include <thread>

namespace vigil {

class runtime;

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
  gate claims;
  link_board links;
  request_queue requests;
  /// The thread in which the control plane runs; set before any call.
  std::thread::id loop;

  /// Held shared by a call that may call back into the runtime on the caller's
  /// thread, or that asks the control plane; held exclusively to stop that.
  std::shared_mutex lifetime;

  /// What follows is valid as long as `open`, under `lifetime`.
  bool open = false;
  runtime* host = nullptr;
  caf::actor_system* system = nullptr;
  control_plane_handle control_plane;
};

/// Returns whether the calling thread is in one of vigil's callbacks, where
/// nothing may wait.
bool in_callback() noexcept;

/// Marks the calling thread as being in a callback.
class callback_scope {
public:
  callback_scope() noexcept;
  ~callback_scope();
  callback_scope(const callback_scope&) = delete;
  callback_scope& operator=(const callback_scope&) = delete;

private:
  bool outer_;
};

} // namespace vigil
