#pragma once

#include <cstddef>
#include <string>

namespace vigil {

/// Reads lines from a descriptor until its end, or until told to stop.
///
/// Thread-safety: none; one thread reads.
class line_reader {
public:
  /// Longest line, without its end, that a node shell takes.
  static constexpr size_t max_line = size_t{2} * 1024 * 1024;

  /// Reads lines of up to `limit` bytes from `fd` until `stop_fd` is readable;
  /// both stay the caller's.
  line_reader(int fd, int stop_fd, size_t limit = max_line);

  enum class status {
    /// There is a line.
    line,
    /// There was a line that is too long; it was skipped.
    too_long,
    /// There will be no more lines.
    end,
  };

  /// Waits for the next line and stores it without its end. A last line need
  /// not have one.
  status next(std::string& line);

private:
  bool fill();

  int fd_;
  int stop_fd_;
  size_t limit_;
  std::string buffer_;
  /// Where the next line starts, and up to where no line end was found.
  size_t start_ = 0;
  size_t searched_ = 0;
  bool skipping_ = false;
};

} // namespace vigil
