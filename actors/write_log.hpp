#pragma once

#include <vigil/log.hpp>

#include <string_view>

namespace vigil {

/// Hands a line to a sink, if there is one. A sink that throws loses the line,
/// and nothing else comes of it.
inline void write_log(const log_sink& sink, log_level level,
                      std::string_view line) noexcept {
  if (!sink)
    return;
  try {
    sink(level, line);
  } catch (...) {
    return;
  }
}

} // namespace vigil
