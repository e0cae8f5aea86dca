#include <vigil/log.hpp>

#include <cstdio>
#include <string>

namespace vigil {

std::string_view to_string(log_level x) noexcept {
  switch (x) {
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warning:
      return "warning";
    case log_level::error:
      return "error";
  }
  return "unknown";
}

void log_to_stderr(const log_record& x) {
  if (x.level == log_level::debug)
    return;
  std::string line{"vigil["};
  line += to_string(x.level);
  line += "] ";
  line += x.text;
  line += '\n';
  // One call, so that lines of different threads do not mix.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

} // namespace vigil
