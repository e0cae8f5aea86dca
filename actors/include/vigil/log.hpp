#pragma once

#include <functional>
#include <string_view>

namespace vigil {

/// How much a log line matters.
enum class log_level { debug, info, warning, error };

/// Takes one log line without its line end. May be called from any thread, also
/// from several at once. Must not wait for the node; what it throws is dropped.
using log_sink = std::function<void(log_level, std::string_view)>;

/// Writes `vigil[LEVEL] LINE` to standard error, leaving out `debug`.
void log_to_stderr(log_level level, std::string_view line);

} // namespace vigil
