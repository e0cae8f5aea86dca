#pragma once

#include <vigil/log.hpp>

namespace vigil {

/// Writes `vigil[LEVEL] TEXT` to standard error, leaving out `debug`. A
/// `log_sink`.
void log_to_stderr(const log_record& x);

} // namespace vigil
