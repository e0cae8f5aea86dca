#pragma once

#include <chrono>
#include <cstddef>

namespace vigil::bench {

/// What the node in the middle is to do.
struct scale_settings {
  size_t peers = 1;
  /// How many monitors all peers together have; a multiple of their number.
  size_t monitors = 200000;
  /// How long the storm lasts, and how long the idle nodes are looked at.
  std::chrono::seconds length{5};
};

} // namespace vigil::bench
