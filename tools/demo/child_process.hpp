#pragma once

#include <vigil/result.hpp>
#include "tools/descriptor.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace vigil {

/// Another program that runs as a child of this one, with pipes to its standard
/// input and output. Its standard error goes to a file without a name, so that
/// nobody has to read along. The child dies with the thread that started it.
///
/// Thread-safety: none.
class child_process {
public:
  using clock = std::chrono::steady_clock;

  /// Starts `program`, a path, with `arguments`. Errors: `system_limit`,
  /// `bad_argument` if there is no such program.
  /// @pre the descriptors 0, 1 and 2 are open
  static result<child_process> start(const std::string& program,
                                     const std::vector<std::string>& arguments);

  child_process(child_process&& other) noexcept;

  child_process& operator=(child_process&&) = delete;

  /// Kills the child if it runs and waits for its end.
  ~child_process();

  pid_t id() const noexcept {
    return id_;
  }

  /// Where the child's input is written; does not block. -1 once closed.
  int input() const noexcept {
    return input_.get();
  }

  /// Where the child's output is read; does not block. -1 once closed.
  int output() const noexcept {
    return output_.get();
  }

  void close_input() noexcept {
    input_.reset();
  }

  void close_output() noexcept {
    output_.reset();
  }

  /// Returns what the child has written to its standard error so far.
  std::string errors() const;

  /// Sends a signal, if the child runs.
  void signal(int number) noexcept;

  /// Waits for the end of the child until `deadline`; returns its exit status,
  /// 128 plus the signal that killed it, or nothing if it still runs.
  std::optional<int> wait(clock::time_point deadline);

private:
  child_process() noexcept = default;

  /// Takes the status of the child, and waits for it.
  void collect() noexcept;

  pid_t id_ = -1;
  descriptor input_;
  descriptor output_;
  descriptor errors_;
  /// The child as a descriptor, readable once it has ended. A pipe that it
  /// holds would tell of the end of those, too, to whom it has passed that on.
  descriptor end_;
  std::optional<int> status_;
};

} // namespace vigil
