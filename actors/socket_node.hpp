#pragma once

#include <vigil/control_plane_handle.hpp>
#include <vigil/node_config.hpp>
#include <vigil/process_registry.hpp>
#include <vigil/resolver.hpp>
#include <vigil/result.hpp>
#include "actors/node_impl.hpp"
#include "actors/own_system.hpp"
#include "actors/plane/actor_plane_port.hpp"
#include "actors/plane/control_plane_parts.hpp"
#include "actors/plane/control_plane_port.hpp"
#include "src/front/front_state.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <cstdint>
#include <memory>
#include <mutex>

namespace vigil {

/// A node on a network: its control plane, its endpoint, and whatever connects
/// them.
class socket_node final : public node::impl {
public:
  /// `own` holds `system`, or is null if that is the caller's.
  socket_node(std::unique_ptr<own_system> own, caf::actor_system& system,
              const node_config& config);

  ~socket_node() override;

  error start();

  void stop() override;

  node_name name() const noexcept override {
    return config_.name;
  }

  creation life() const noexcept override {
    return life_;
  }

  uint16_t port() const noexcept override {
    return port_;
  }

  const std::shared_ptr<front_state>& front() const noexcept override {
    return front_;
  }

  process_registry& registry() noexcept override {
    return registry_;
  }

  static_resolver& table() noexcept override {
    return *table_;
  }

  const control_plane_handle& handle() const noexcept override {
    return handle_;
  }

  caf::actor_system& system() noexcept override {
    return *system_;
  }

private:
  bool has_registry() const noexcept {
    return config_.runtime == &registry_;
  }

  control_plane_parts make_parts() const;

  void open_front();

  /// The connector ends with its last dial, in which a caller's resolver can
  /// take its time.
  void end_actors_of_node();

  /// Returns once no caller is in a callback or waits for the control plane.
  void close_front();

  /// After the goodbyes, so that no exit of theirs is mistaken for one before
  /// the shutdown. Actors of the caller's own system are the caller's to end.
  void end_processes();

  /// Beside the processes it may have actors of the caller's of which nobody
  /// here knows.
  void end_system();

  node_config config_;
  creation life_;
  std::shared_ptr<front_state> front_;
  std::unique_ptr<own_system> own_system_;
  caf::actor_system* system_;
  process_registry registry_;
  std::shared_ptr<static_resolver> table_ = std::make_shared<static_resolver>();
  std::mutex stop_mutex_;
  caf::actor endpoint_;
  caf::actor connector_;
  control_plane_port control_plane_;
  /// Stays when the control plane has ended: who asks then is told so.
  control_plane_handle handle_;
  /// The front's way to it.
  std::shared_ptr<actor_plane_port> port_to_plane_;
  uint16_t port_ = 0;
};

} // namespace vigil
