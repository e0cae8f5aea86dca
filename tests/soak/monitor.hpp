#pragma once

#include "tests/soak/process.hpp"
#include "tests/soak/tenure.hpp"

#include <optional>
#include <string>

namespace vigil::soak {

/// A monitor that was granted and has not ended, with all that is needed to
/// tell whether the reason of its DOWN is true.
struct monitor {
  process_ptr watcher;
  /// As the DOWN will name it: a pid or {name,node}.
  std::string object;
  size_t target_node = 0;
  /// Who was monitored by pid.
  process_ptr target;
  /// If it was monitored by name: the periods of the name that the request can
  /// have met. No last one: up to the present one.
  tenure_ptr first;
  tenure_ptr last;
  /// The target was certainly gone before the request was made.
  bool dead_when_asked = false;
  /// The target's node certainly had the request before the target was told to
  /// end.
  bool held = false;
  time_point granted{};
};

/// Returns whether a DOWN with this reason can be true as far as the target is
/// concerned: its own reason, or `noproc` for one that was not there.
bool explains(const monitor& x, const std::string& reason);

/// Returns since when the target certainly is gone, whoever it was; nothing if
/// it may be alive.
std::optional<time_point> gone_since(const monitor& x);

} // namespace vigil::soak
