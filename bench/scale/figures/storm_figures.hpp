#pragma once

#include "bench/scale/peer_group.hpp"
#include "bench/scale/settings.hpp"

namespace vigil::bench {

/// Prints the round trip from the node in the middle to one of two peers: while
/// nothing else happens, while there is a storm between another node and the
/// other peer, and while that storm is the middle's own.
void take_storm_figures(const scale_settings& what, peer_group& peers);

} // namespace vigil::bench
