#pragma once

#include "tests/cluster/cluster.hpp"

#include <string>

namespace vigil::test {

/// A process on each of two nodes that are connected, and one monitor in each
/// direction.
struct mutual_watch {
  /// Makes the monitors; returns once both nodes have both.
  mutual_watch(test_node& one, test_node& other);

  /// Lets both nodes hear of each other; returns when that began, before the
  /// last sign of life that each has of the other.
  node_client::clock::time_point speak();

  /// Waits until both have ended with noconnection, and both nodes have
  /// reported the other down with this cause.
  void sees_loss(const std::string& cause);

  /// Monitors once more from the first node, which dials if it must, and waits
  /// for the true reason.
  void works();

  /// Ends both nodes, in good order; requires that no DOWN is left over.
  void finish();

  test_node& first;
  test_node& second;
  std::string here;
  std::string there;
  std::string outward;
  std::string backward;
  /// When each node has reported the other down.
  node_client::clock::time_point first_down;
  node_client::clock::time_point second_down;
};

} // namespace vigil::test
