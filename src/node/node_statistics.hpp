#pragma once

#include <vigil/requests.hpp>
#include "src/node/node_core.hpp"

#include <cstdint>

namespace vigil {

/// Collects the counters of a node.
/// @param suppressed DOWNs that lost against a demonitor at the gate
/// @param cancelled monitors that met their demonitor in the queue
statistics collect_statistics(const node_core& core, uint64_t suppressed,
                              uint64_t cancelled);

} // namespace vigil
