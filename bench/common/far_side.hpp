#pragma once

#include "tools/demo/child_process.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace vigil::bench {

/// The operating-system process of another node, told what to do by lines over
/// a pipe, which no figure counts.
///
/// Thread-safety: none.
class far_side {
public:
  /// Starts this program again with `arguments`.
  explicit far_side(const std::vector<std::string>& arguments);

  /// What the far side says when it is ready; the first call waits for that.
  const std::vector<std::string>& greeting();

  /// Sends a line that is not answered.
  void tell(const std::string& line);

  /// Waits for the number that answers a line.
  uint64_t answer();

  /// Sends a line and returns the number that answers it.
  uint64_t ask(const std::string& line);

  /// The number that the system knows the process by.
  pid_t id() const noexcept {
    return process_.id();
  }

  /// Returns whether the process has ended; waits until `deadline` for that.
  bool ended(child_process::clock::time_point deadline);

  /// What the process has written to its standard error.
  std::string errors() const {
    return process_.errors();
  }

  /// Kills the process, which can do nothing about it.
  void kill();

private:
  std::string read_line();

  child_process process_;
  std::string read_;
  std::vector<std::string> greeting_;
};

} // namespace vigil::bench
