#pragma once

namespace vigil::bench {

/// Runs actors to be watched until the standard input ends. Prints `ready
/// PORT`, then takes the commands `spawn COUNT`, `stop` and `memory`, see
/// `run_vigil_target`. The actor at the port hands out the handles.
void run_caf_target();

} // namespace vigil::bench
