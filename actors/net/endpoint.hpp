#pragma once

#include "actors/loop/multiplexed.hpp"
#include "actors/net/network_messages.hpp"
#include "src/link/ids.hpp"

#include <caf/all.hpp>

#include "absl/container/flat_hash_map.h"

#include <cstddef>
#include <functional>
#include <optional>

namespace vigil {

/// From how many actors of one other program an endpoint takes messages: each
/// node of that program needs one. A program that speaks as ever new actors
/// gets no further.
inline constexpr size_t max_connections_per_program = 1024;

/// What the control planes of other nodes reach: the one published actor of a
/// node. Accepts session messages only, tells the control plane which
/// connection each came over, and watches over the connections. Decides
/// nothing.
///
/// A connection is the proxy of the other node's endpoint. CAF may put another
/// socket under the same proxy; the sessions notice that by their numbers.
class endpoint final : public multiplexed<caf::event_based_actor> {
public:
  /// Spawns an endpoint whose actor id is random, where CAF's own count from 1
  /// in each actor system: the id is said by the very socket that is dialled,
  /// and so no other actor is ever taken for this one, in whichever system, not
  /// even where CAF takes two systems for one.
  static caf::actor spawn(caf::actor_system& system);

  explicit endpoint(caf::actor_config& config);

  const char* name() const override {
    return "vigil.endpoint";
  }

  using multiplexed<caf::event_based_actor>::enqueue;

  /// Lets in session messages and what comes from this node, nothing else: CAF
  /// itself acts upon exit and down messages and on errors, which another node
  /// can send as well.
  void enqueue(caf::mailbox_element_ptr x,
               caf::execution_unit* context) override;

protected:
  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  caf::behavior running(const caf::actor& control_plane);

  template <class Message>
  void forward(Message x);

  void lose(const connection_lost& x);

  /// Returns the number of the connection to `peer`, a new one if need be;
  /// nothing if its program has too many.
  std::optional<connection_id> connection_of(const caf::strong_actor_ptr& peer);

  /// Notes a connection to `peer` that is not known yet.
  connection_id open(const caf::strong_actor_ptr& peer);

  /// Returns whether `x` can be another endpoint: a sender that claims to be
  /// local must be one.
  bool can_be_endpoint(const caf::strong_actor_ptr& x) const;

  struct connection {
    connection_id id{};
    /// Holds the proxy, so that its address means this one while it is known.
    caf::strong_actor_ptr peer;
  };

  caf::actor control_plane_;
  absl::flat_hash_map<const caf::actor_control_block*, connection> connections_;
  absl::flat_hash_map<caf::node_id, size_t, std::hash<caf::node_id>>
    connections_per_program_;
  uint64_t last_connection_ = 0;
};

} // namespace vigil
