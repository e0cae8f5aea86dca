#include "bench/common/report.hpp"

#include <cstdio>

namespace vigil::bench {

void report(std::string_view name, double value, std::string_view unit) {
  std::printf("metric %.*s %.3f %.*s\n", static_cast<int>(name.size()),
              name.data(), value, static_cast<int>(unit.size()), unit.data());
  // Read along by those who wait for it.
  std::fflush(stdout);
}

void report_rate(std::string_view name, size_t count, double seconds,
                 std::string_view unit) {
  report(name, static_cast<double>(count) / seconds, unit);
}

void report_each(std::string_view name, uint64_t before, uint64_t after,
                 size_t count) {
  auto grown = static_cast<double>(after) - static_cast<double>(before);
  report(name, grown / static_cast<double>(count), "B");
}

} // namespace vigil::bench
