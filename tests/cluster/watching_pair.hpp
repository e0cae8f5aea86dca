#pragma once

#include "tests/cluster/cluster.hpp"

#include <string>

namespace vigil::test {

/// Two nodes that are connected, alpha with a process that watches, bravo with
/// one to be watched.
struct watching_pair {
  explicit watching_pair(const test_node::options& of_alpha = {},
                         const test_node::options& of_bravo = {})
    : alpha("alpha", of_alpha),
      bravo("bravo", of_bravo) {
    alpha.connect(bravo);
  }

  /// Lets the watcher monitor something on bravo, and waits until bravo has the
  /// monitor; returns the reference.
  std::string watch(const std::string& object) {
    return alpha.monitor(watcher, object);
  }

  test_node alpha;
  test_node bravo;
  std::string watcher = alpha.ok("spawn");
  std::string db = bravo.ok("spawn db");
};

} // namespace vigil::test
