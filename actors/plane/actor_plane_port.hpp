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
  actor_plane_port(caf::actor_system& system, control_plane_handle plane,
                   std::thread::id loop) noexcept;

  /// Lets go of the control plane. Called once the front is closed and nobody
  /// asks any more, under its `lifetime`.
  void close() noexcept;

  bool may_wait() const noexcept override;

  error connect(node_name peer, bool keep) override;
  error disconnect(node_name peer) override;
  error sync(node_name peer, timespan limit) override;
  error monitors(const pid& watcher, monitor_list& out) override;
  error monitored_by(const pid& process, watcher_list& out) override;
  error nodes(node_list& out) override;
  error stats(statistics& out) override;

private:
  caf::actor_system& system_;
  control_plane_handle plane_;
  const std::thread::id loop_;
};

} // namespace vigil
