#pragma once

namespace vigil {

/// Opens those of the descriptors 0, 1 and 2 with which the program was not
/// started, so that no socket or pipe takes their place. Reading then finds the
/// end, writing to standard output fails.
void open_standard_descriptors();

} // namespace vigil
