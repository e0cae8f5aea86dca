#pragma once

#include <vigil/control_plane_handle.hpp>
#include "src/front/plane_port.hpp"

#include <caf/fwd.hpp>

#include <thread>

namespace vigil {

/// Asks a control plane that is an actor.
class actor_plane_port final : public plane_port {
public:
  /// `loop` is the thread in which the control plane runs. The system outlives
  /// the last question.
  actor_plane_port(caf::actor_system& system, control_plane_interface plane,
                   std::thread::id loop) noexcept;

  /// Lets go of the control plane. Called once the front is closed and nobody
  /// asks any more, under its `lifetime`.
  void close() noexcept;

  bool may_wait() const noexcept override;

  result<unit> connect(node_name peer, bool keep) override;
  result<unit> disconnect(node_name peer) override;
  result<unit> sync(node_name peer, timespan limit) override;
  result<monitor_list> monitors(const pid& watcher) override;
  result<watcher_list> monitored_by(const pid& process) override;
  result<node_list> nodes() override;
  result<statistics> stats() override;

private:
  caf::actor_system& system_;
  control_plane_interface plane_;
  const std::thread::id loop_;
};

} // namespace vigil
