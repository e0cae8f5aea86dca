#pragma once

#include <vigil/core/control_effect.hpp>
#include <vigil/notices.hpp>
#include "src/session/network_effect.hpp"

#include <variant>
#include <vector>

namespace vigil {

/// What the control plane of a node core wants done but what its links do.
using local_effect
  = std::variant<effect::deliver_downs, effect::retire, effect::node_up,
                 effect::node_down, effect::link_lost, effect::connect_failed,
                 effect::yield>;

/// What leaves a whole node core: first what concerns the node itself, then
/// what the network must do, each in order.
struct node_effects {
  std::vector<local_effect> local;
  std::vector<network_effect> network;
  /// What the `deliver_downs` among them are about, in the same order.
  std::vector<down_notice> downs;

  bool empty() const noexcept {
    return local.empty() && network.empty();
  }

  void clear() noexcept {
    local.clear();
    network.clear();
    downs.clear();
  }

  /// Lets each `deliver_downs` know where its DOWNs are, once they do not move
  /// any more.
  void place_downs() noexcept {
    auto next = downs.data();
    for (auto& x : local)
      if (auto some = std::get_if<effect::deliver_downs>(&x)) {
        some->first = next;
        next += some->count;
      }
  }

  /// Calls `f` with each effect, in order.
  template <class F>
  void for_each(F&& f) {
    for (auto& x : local)
      std::visit(f, x);
    for (auto& x : network)
      std::visit(f, x);
  }

  template <class F>
  void for_each(F&& f) const {
    for (const auto& x : local)
      std::visit(f, x);
    for (const auto& x : network)
      std::visit(f, x);
  }
};

} // namespace vigil
