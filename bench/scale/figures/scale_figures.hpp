#pragma once

#include "bench/scale/peer_group.hpp"
#include "bench/scale/settings.hpp"

namespace vigil::bench {

/// Prints what monitors cost the node in the middle if they are spread over
/// all its peers, in both directions, and what a peer costs. Kills the peers.
void take_scale_figures(const scale_settings& what, peer_group& peers);

} // namespace vigil::bench
