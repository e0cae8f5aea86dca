#pragma once

#include <vigil/core/limits.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/creation.hpp>
#include <vigil/log.hpp>
#include <vigil/node_name.hpp>
#include <vigil/runtime.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace vigil {

class resolver;

/// Everything a node must be told. All but the name has a default. A
/// `<vigil/node.hpp>` or a test kit makes nodes of it.
struct node_config {
  /// The node's own name.
  node_name name;
  /// The port to listen on; 0 lets the system choose one.
  uint16_t port = 0;
  /// The runtime whose processes the node watches over. Must outlive the node.
  /// Without one, the processes are actors: see `node::processes`.
  vigil::runtime* runtime = nullptr;
  /// The address to listen on. Without TLS a listener trusts whoever can reach
  /// it: leave it on loopback, or on a network of which that is true.
  std::string bind = "127.0.0.1";
  /// A peer that is silent for this long is lost; at least 400 ms.
  timespan net_ticktime{std::chrono::seconds{8}};
  /// A session that is not up within this time has failed; at least 100 ms.
  timespan net_setuptime{std::chrono::seconds{7}};
  /// How many bytes may wait for one peer before callers wait or get `busy`.
  size_t max_backlog = size_t{64} * 1024 * 1024;
  /// How many monitors the processes of one peer may hold on processes of this
  /// node. A peer that asks for more loses its session, `overload`.
  size_t max_inbound = control_limits{}.max_inbound;
  /// Whether a monitor and its demonitor that meet before either has reached
  /// the control plane go no further. Off for those who measure or watch what
  /// travels.
  bool cancel_pairs = true;
  /// How long the node's thread looks for more, after a few control messages
  /// have come or gone, before it sleeps; 0 makes it sleep at once. Shortens
  /// round trips at the cost of processor time that nobody else wants.
  timespan spin{std::chrono::microseconds{100}};
  /// Finds the addresses of nodes that `node::addresses` does not have.
  std::shared_ptr<resolver> addresses{};
  /// Where log records go; without a sink, such as `log_to_stderr`, nowhere.
  log_sink log{};
  /// The creation; drawn at random unless a test wants a certain one.
  std::optional<creation> life{};
};

} // namespace vigil
