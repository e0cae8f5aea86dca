#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/runtime.hpp>
#include "src/front/front_probe.hpp"
#include "src/front/gate.hpp"
#include "src/front/link_board.hpp"
#include "src/front/pid_source.hpp"
#include "src/front/plane_port.hpp"
#include "src/front/reference_source.hpp"
#include "src/front/request_queue.hpp"

#include <cstdint>
#include <memory>
#include <shared_mutex>

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
      pids(name, number, first_pid),
      queue(name, number) {
    // nop
  }

  /// Returns whether `x` is, or was, a process of this life of the node.
  bool is_own(const pid& x) const noexcept {
    return x.node == self && x.life == life && valid(x);
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
  /// The way to the control plane; set before any call. Lasts as long as this,
  /// because callers ask it whether they may wait after the node has ended too.
  std::shared_ptr<plane_port> plane;

  /// Held shared by a call that may call back into the runtime on the caller's
  /// thread, or that asks the control plane; held exclusively to stop that.
  std::shared_mutex lifetime;

  /// What follows is valid as long as `open`, under `lifetime`. So are the
  /// questions to `plane`.
  bool open = false;
  vigil::runtime* runtime = nullptr;

  /// Set before any call, or null. Lasts as long as this.
  front_probe* probe = nullptr;
};

} // namespace vigil
