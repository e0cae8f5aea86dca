#pragma once

#include "actors/node_impl.hpp"
#include "testkit/cluster_impl.hpp"

namespace vigil::testkit {

class actor_life;

/// What stands behind the `node` of a life in a cluster.
class life_node final : public node::impl {
public:
  /// Both outlive this object.
  life_node(cluster::impl& home, actor_life& life) noexcept
    : home_(home),
      life_(life) {
    // nop
  }

  void stop() override;
  node_name name() const noexcept override;
  creation life() const noexcept override;
  uint16_t port() const noexcept override;
  const std::shared_ptr<front_state>& front() const noexcept override;
  process_registry& registry() noexcept override;
  static_resolver& table() noexcept override;
  const control_plane_handle& handle() const noexcept override;
  caf::actor_system& system() noexcept override;

private:
  cluster::impl& home_;
  actor_life& life_;
};

} // namespace vigil::testkit
