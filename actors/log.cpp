#include <vigil/log.hpp>

#include <cstdio>
#include <string>

namespace vigil {

namespace {

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

} // namespace

void log_to_stderr(log_level level, std::string_view line) {
  if (level == log_level::debug)
    return;
  std::string text{"vigil["};
  text += to_string(level);
  text += "] ";
  text += line;
  text += '\n';
  // One call, so that lines of different threads do not mix.
  std::fwrite(text.data(), 1, text.size(), stderr);
}

} // namespace vigil
