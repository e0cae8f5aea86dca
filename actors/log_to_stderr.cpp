#include <vigil/log_to_stderr.hpp>

#include <cstdio>
#include <string>

namespace vigil {

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
