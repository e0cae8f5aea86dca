#pragma once

#include "bench/cluster/settings.hpp"

namespace vigil::bench {

/// Takes the figures that CAF's own remote monitors have. A handle to a remote
/// actor watches it from the moment it arrives, so set-up counts the transfer
/// of the handles; to monitor one that is there, to demonitor, and to do both
/// are local matters without a figure.
void run_caf_driver(const settings& what);

} // namespace vigil::bench
