#pragma once

#include <vigil/node_name.hpp>
#include <vigil/notices.hpp>

#include <caf/actor_control_block.hpp>
#include <caf/weak_intrusive_ptr.hpp>

#include "absl/container/flat_hash_map.h"

#include <cstddef>
#include <cstdint>
#include <map>

namespace vigil {

/// The actors that want to hear of nodes that come up and go down. Holds each
/// of them as long as it wants to: nobody else has to.
///
/// Thread-safety: none; owned by the control plane.
class node_subscribers {
public:
  /// Tells `who` which nodes are up, and from now on of every change. Does
  /// nothing for one that has subscribed already. Returns whether `who` is
  /// new here: then `forget` must be called when it has ended.
  bool add(const caf::strong_actor_ptr& who);

  /// Tells `who` nothing any more.
  void remove(const caf::strong_actor_ptr& who);

  /// Forgets an actor that has ended.
  void forget(const caf::actor_control_block* who);

  /// Notes an event and tells it to all who have subscribed.
  void tell(const node_event& x);

  void clear();

  /// Returns how many actors are remembered.
  size_t size() const noexcept {
    return all_.size();
  }

private:
  struct subscriber {
    /// Keeps its address from being used again.
    caf::weak_actor_ptr who;
    /// The same while it wants to hear of nodes, null when it does not.
    caf::strong_actor_ptr held;
  };

  /// In the order in which they came, so that it is the same in every run of a
  /// test.
  std::map<uint64_t, subscriber> all_;
  absl::flat_hash_map<const caf::actor_control_block*, uint64_t> numbers_;
  uint64_t last_number_ = 0;
  /// The nodes that are up, as they were last told.
  std::map<node_name, node_event> up_;
};

} // namespace vigil
