#pragma once

#include "actors/net/network_port.hpp"
#include "testkit/cluster_impl.hpp"
#include "testkit/member.hpp"

#include <utility>

namespace vigil::testkit {

/// Lets a control plane that is an actor reach other nodes over the wires of
/// its cluster.
class wire_port final : public network_port {
public:
  /// Both outlive this object.
  wire_port(cluster::impl& home, member& self) noexcept
    : home_(home),
      self_(self) {
    // nop
  }

  void dial(const effect::dial& x) override {
    home_.network.dial(self_, x);
  }

  void transmit(effect::transmit& x) override {
    home_.network.transmit(self_, x.connection, {std::move(x.message), {}});
  }

  void hang_up(const effect::hang_up& x) override {
    home_.network.hang_up(self_, x.connection);
  }

  void opened(connection_id, caf::strong_actor_ptr) override {
    // nop: a wire has no actor at its other end
  }

  void closed(connection_id) override {
    // nop
  }

private:
  cluster::impl& home_;
  member& self_;
};

} // namespace vigil::testkit
