#pragma once

#include <vigil/core/control_driver.hpp>
#include <vigil/core/control_plane.hpp>
#include <vigil/core/process_view.hpp>
#include <vigil/core/time_point.hpp>
#include "src/node/core_effect.hpp"
#include "src/node/core_event.hpp"
#include "src/session/session_layer.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace vigil {

/// All decisions of one node, as a value that can be stepped by hand: a control
/// plane over vigil's own sessions.
///
/// Thread-safety: none; owned by one control plane actor.
class node_core {
public:
  using effects = std::vector<core_effect>;

  explicit node_core(const session_config& config,
                     const control_limits& limits = {});

  /// Takes one event and returns what must be done about it: first what
  /// concerns the node itself, then what the network must do, each in order.
  effects step(const core_event& what, time_point now,
               const process_view& processes);

  // -- several events at once -------------------------------------------------

  /// Starts a step at `now`; `apply` any number of events, then `finish`.
  void begin(time_point now);

  /// Applies one event; appends what concerns the node itself to `out`.
  void apply(const core_event& what, const process_view& processes,
             effects& out);

  /// Sends what may leave; appends what the network must do to `out`.
  void finish(effects& out);

  /// Returns when `event::timer` is due; nothing if nobody waits for anything.
  std::optional<time_point> next_wake() const {
    return sessions_.next_wake();
  }

  // -- for people and tools ---------------------------------------------------

  const control_plane& plane() const noexcept {
    return plane_;
  }

  const session_layer& sessions() const noexcept {
    return sessions_;
  }

private:
  template <class Event>
  void run(const Event& what, const process_view& processes, effects& out);

  void run_reports(const process_view& processes, effects& out);

  control_plane plane_;
  session_layer sessions_;
  control_driver driver_;
};

} // namespace vigil
