#pragma once

#include "bench/scale/peer_group.hpp"
#include "bench/scale/settings.hpp"

namespace vigil::bench {

/// Prints what the programs of two nodes use that have a session and monitors
/// and nothing to do. Nothing of the benchmark's own wakes up meanwhile.
void take_idle_figures(const scale_settings& what, peer_group& peers);

} // namespace vigil::bench
