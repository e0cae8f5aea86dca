#pragma once

#include <cstddef>
#include <string>

namespace vigil::bench {

inline constexpr const char* middle_name = "middle@localhost";

/// The name of peer `index`, counted from 0.
std::string peer_name(size_t index);

/// Runs a peer with room for `capacity` processes until its input ends. Says
/// `ready PORT LIFE`, then obeys lines:
///
/// `spawn COUNT` is answered with the first of so many numbers of processes;
/// `end FIRST COUNT` ends them and is not answered; `inbound` is answered with
/// how many monitors the node has recorded. `middle PORT LIFE` says where the
/// node in the middle is, `monitor FIRST COUNT` monitors its processes and is
/// answered when it has recorded all of them, `downs COUNT` when so many DOWNs
/// came as they must.
void run_peer(size_t index, size_t capacity);

} // namespace vigil::bench
