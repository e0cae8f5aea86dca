#include "bench/cluster/report.hpp"

#include <cstdio>

namespace vigil::bench {

void report(std::string_view name, double value, std::string_view unit) {
  std::printf("metric %.*s %.3f %.*s\n", static_cast<int>(name.size()),
              name.data(), value, static_cast<int>(unit.size()), unit.data());
  // Read along by those who wait for it.
  std::fflush(stdout);
}

} // namespace vigil::bench
