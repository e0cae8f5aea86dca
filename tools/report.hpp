#pragma once

#include <vigil/errc.hpp>

namespace vigil {

/// Writes the line `error NAME sentence` to standard error.
void report(const error& why);

} // namespace vigil
