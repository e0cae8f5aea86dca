#pragma once

#include "tools/child_process.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace vigil::bench {

/// The target's operating-system process, told what to do by lines over a pipe,
/// which no figure counts.
///
/// Thread-safety: none.
class far_side {
public:
  /// Starts this program again with `arguments` and waits until it is ready.
  explicit far_side(const std::vector<std::string>& arguments);

  /// What the far side said when it was ready.
  const std::vector<std::string>& greeting() const noexcept {
    return greeting_;
  }

  /// Sends a line that is not answered.
  void tell(const std::string& line);

  /// Sends a line and returns the number that answers it.
  uint64_t ask(const std::string& line);

  /// Kills the process, which can do nothing about it.
  void kill();

private:
  std::string read_line();

  child_process process_;
  std::string read_;
  std::vector<std::string> greeting_;
};

} // namespace vigil::bench
