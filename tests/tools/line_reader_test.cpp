#include "tools/line_reader.hpp"

#include "tools/descriptor.hpp"
#include "tools/event_flag.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <string>
#include <string_view>
#include <unistd.h>

using namespace vigil;

namespace {

/// Lines of at most eight bytes from a pipe.
class source {
public:
  source() {
    int fds[2];
    REQUIRE(pipe2(fds, O_CLOEXEC) == 0);
    reading_.reset(fds[0]);
    writing_.reset(fds[1]);
    lines_ = line_reader{reading_.get(), stop_.fd(), 8};
  }

  void write(std::string_view text) {
    REQUIRE(::write(writing_.get(), text.data(), text.size())
            == static_cast<ssize_t>(text.size()));
  }

  void close() {
    writing_.reset();
  }

  void stop() {
    stop_.raise();
  }

  /// Returns the next line, `TOO LONG` or `END`.
  std::string next() {
    std::string line;
    switch (lines_.next(line)) {
      case line_reader::status::line:
        return line;
      case line_reader::status::too_long:
        return "TOO LONG";
      case line_reader::status::end:
        break;
    }
    return "END";
  }

private:
  descriptor reading_;
  descriptor writing_;
  event_flag stop_;
  line_reader lines_{-1, -1};
};

} // namespace

TEST_CASE("lines come one by one, the last one also without its end") {
  source in;
  in.write("one\n\ntwo");
  CHECK(in.next() == "one");
  CHECK(in.next().empty());
  in.write("2\nthree");
  CHECK(in.next() == "two2");
  in.close();
  CHECK(in.next() == "three");
  CHECK(in.next() == "END");
  CHECK(in.next() == "END");
}

TEST_CASE("a line that is too long is skipped as a whole") {
  source in;
  in.write("12345678\n123456789\nab\n");
  CHECK(in.next() == "12345678");
  CHECK(in.next() == "TOO LONG");
  CHECK(in.next() == "ab");
  in.write("123456789");
  in.write("0123456789\ncd\nmuch too long");
  CHECK(in.next() == "TOO LONG");
  CHECK(in.next() == "cd");
  in.close();
  CHECK(in.next() == "TOO LONG");
  CHECK(in.next() == "END");
}

TEST_CASE("a reader that is stopped forgets the line it has not finished") {
  source in;
  in.write("half");
  in.stop();
  CHECK(in.next() == "END");
}
