#pragma once

#include <cstddef>

namespace vigil::bench {

/// Runs the target's node, with room for `capacity` processes, until its
/// standard input ends. Prints `ready PORT CREATION`, then takes commands:
///
/// - `spawn COUNT` starts processes; answered with the first of their numbers
/// - `stop` ends all processes with the reason `bench_done`; not answered
/// - `inbound` is answered with how many monitors are recorded
/// - `memory` is answered with the resident set in bytes
void run_vigil_target(size_t capacity);

} // namespace vigil::bench
