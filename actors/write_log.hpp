#pragma once

#include <vigil/log.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigil {

/// Hands a record of this moment to a sink, if there is one. A sink that throws
/// loses the record, and nothing else comes of it.
inline void write_log(const log_sink& sink, log_level level,
                      std::string_view event, std::vector<log_field> fields,
                      std::string text) noexcept {
  if (!sink)
    return;
  try {
    sink({level, std::chrono::system_clock::now(), event, std::move(fields),
          std::move(text)});
  } catch (...) {
    return;
  }
}

} // namespace vigil
