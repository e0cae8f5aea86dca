#pragma once

#include "bench/cluster/stopwatch.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace vigil::bench {

/// What a driver is to do.
struct settings {
  /// How many monitors the figures of time and of wire bytes are taken with.
  size_t monitors = 200000;
  /// How many monitors the figures of memory are taken with.
  size_t memory_monitors = 1000000;
  size_t round_trips = 5000;
  /// How long a relay on the way to the target takes, there and back; without
  /// it there is no relay.
  std::optional<std::chrono::milliseconds> distance;
  /// Names of the parts to run.
  std::set<std::string> parts;
  stopwatch watch;

  bool wants(std::string_view part) const {
    return parts.count(std::string{part}) > 0;
  }

  /// Returns whether there is a part whose figures are not those of memory.
  bool wants_speed() const {
    return parts.size() > parts.count("memory") + parts.count("memory_spread");
  }
};

} // namespace vigil::bench
