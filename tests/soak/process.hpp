#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

namespace vigil::soak {

using time_point = std::chrono::steady_clock::time_point;

/// A process of the load, as the program that gives the commands knows it.
struct process {
  /// Which node it runs on.
  size_t node = 0;
  /// Empty until its node has answered.
  std::string pid;
  /// Under which name it is registered, all commands given so far included.
  std::string name;
  /// It is there to watch others; it can be watched as well.
  bool watches = false;
  /// What it was told to end with.
  std::optional<std::string> reason;
  /// It was told to end, or its node was.
  bool ending = false;
  /// Since when it certainly is gone.
  std::optional<time_point> dead_since;
  /// The references of its live monitors.
  std::unordered_set<std::string> monitors;
};

using process_ptr = std::shared_ptr<process>;

} // namespace vigil::soak
