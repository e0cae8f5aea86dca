#pragma once

#include "tools/descriptor.hpp"
#include "tools/event_flag.hpp"
#include "tools/line_reader.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace vigil::test {

/// A pipe and the lines that come out of it.
class sink {
public:
  sink() {
    signal(SIGPIPE, SIG_IGN);
    int fds[2];
    REQUIRE(pipe2(fds, O_CLOEXEC) == 0);
    reading_.reset(fds[0]);
    writing_.reset(fds[1]);
    lines_ = line_reader{reading_.get(), never_.fd()};
  }

  int fd() const {
    return writing_.get();
  }

  void close_reader() {
    reading_.reset();
  }

  std::string next() {
    std::string line;
    REQUIRE(lines_.next(line) == line_reader::status::line);
    return line;
  }

  /// Returns all lines up to the end.
  std::vector<std::string> all() {
    writing_.reset();
    std::vector<std::string> result;
    std::string line;
    while (lines_.next(line) == line_reader::status::line)
      result.push_back(line);
    return result;
  }

private:
  descriptor reading_;
  descriptor writing_;
  event_flag never_;
  line_reader lines_{-1, -1};
};

} // namespace vigil::test
