#pragma once

#include <cstddef>
#include <cstdint>

namespace vigil::bench {

inline constexpr const char* far_name = "far@localhost";

/// Runs the peer, whose processes 1 to `processes` are alive, until its input
/// ends. `port` and `life` are those of the node that it is the peer of. Says
/// `ready PORT LIFE`, then obeys lines: `monitor NUMBER COUNT` monitors a
/// process of that node so many times, `downs COUNT` is answered when so many
/// DOWNs have come in all. Both are answered with 1.
void run_far_node(uint16_t port, uint32_t life, size_t processes);

} // namespace vigil::bench
