#pragma once

#include "tests/soak/stage.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace vigil::soak {

/// How much memory each node had resident, in KiB.
struct memory_log {
  struct entry {
    size_t start = 0;
    size_t half_way = 0;
    size_t end = 0;
    size_t highest = 0;
  };

  std::array<entry, stage::num_nodes> nodes;

  /// Notes what each node has now in a field of its entry, and the highest.
  void sample(stage& x, size_t entry::*field) {
    for (size_t i = 0; i < nodes.size(); ++i) {
      auto resident = x.node(i).resident();
      nodes[i].*field = resident;
      nodes[i].highest = std::max(nodes[i].highest, resident);
    }
  }
};

} // namespace vigil::soak
