#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace vigil::bench {

/// The node that the peers are peers of.
inline constexpr const char* deeds_name = "deeds@localhost";

/// The name of peer `index`, counted from 0.
std::string far_name(size_t index);

/// Runs peer `index`, whose processes 1 to `processes` are alive, until its
/// input ends. `port` and `life` are those of the node that it is the peer of.
/// Says `ready PORT LIFE`, then obeys lines, each of which is answered with 1:
///
/// `monitor NUMBER COUNT` monitors a process of that node so many times, `each
/// FIRST COUNT` so many processes once; both are answered when that node has
/// recorded it. `inbound COUNT` is answered when the peer has so many monitors
/// on record, `downs COUNT` when so many DOWNs have come in all.
void run_far_node(size_t index, uint16_t port, uint32_t life, size_t processes);

} // namespace vigil::bench
