#include "tools/node/output.hpp"

#include "tests/tools/sink.hpp"

#include <doctest/doctest.h>

#include <poll.h>
#include <string>
#include <thread>

using namespace vigil;
using namespace vigil::test;

namespace {

bool is_readable(int fd, int milliseconds) {
  pollfd poll_fd{fd, POLLIN, 0};
  return poll(&poll_fd, 1, milliseconds) == 1;
}

} // namespace

TEST_CASE("lines are written at once and in order") {
  sink pipe;
  output out{pipe.fd()};
  out.answer("ok 1");
  CHECK(pipe.next() == "ok 1");
  out.event("down a");
  out.answer("ok 2");
  CHECK(pipe.next() == "down a");
  CHECK(pipe.next() == "ok 2");
}

TEST_CASE("events that are held come after the answer, in order") {
  sink pipe;
  output out{pipe.fd()};
  {
    output::event_hold hold{out};
    out.event("down a");
    out.event("down b");
    out.answer("ok ref");
  }
  out.event("down c");
  CHECK(pipe.next() == "ok ref");
  CHECK(pipe.next() == "down a");
  CHECK(pipe.next() == "down b");
  CHECK(pipe.next() == "down c");
}

TEST_CASE("a reader that does not read blocks nobody and loses nothing") {
  sink pipe;
  output out{pipe.fd()};
  // Far more than a pipe holds.
  const std::string text(1000, 'x');
  for (int i = 0; i < 10000; ++i)
    out.event(text + std::to_string(i));
  for (int i = 0; i < 10000; ++i)
    REQUIRE(pipe.next() == text + std::to_string(i));
}

TEST_CASE("what was queued is written before the output closes") {
  sink pipe;
  {
    output out{pipe.fd()};
    for (int i = 0; i < 100; ++i)
      out.answer(std::to_string(i));
    out.close();
    out.answer("too late");
  }
  auto lines = pipe.all();
  REQUIRE(lines.size() == 100);
  CHECK(lines.back() == "99");
}

TEST_CASE("a reader that never reads delays the end by its patience only") {
  sink pipe;
  output out{pipe.fd()};
  out.event(std::string(1000000, 'x'));
  auto start = std::chrono::steady_clock::now();
  out.close();
  auto taken = std::chrono::steady_clock::now() - start;
  CHECK(taken < output::patience * 5);
}

TEST_CASE("a reader that has gone is noticed without anything to write") {
  sink pipe;
  output out{pipe.fd()};
  CHECK_FALSE(is_readable(out.broken_fd(), 0));
  pipe.close_reader();
  CHECK(is_readable(out.broken_fd(), 10000));
  out.answer("nobody reads this");
  out.wait_for_room();
}

TEST_CASE("commands wait while the reader is far behind, until told not to") {
  sink pipe;
  output out{pipe.fd()};
  out.event(std::string(output::max_backlog + 100000, 'x'));
  event_flag passed;
  std::thread waiter{[&] {
    out.wait_for_room();
    passed.raise();
  }};
  CHECK_FALSE(is_readable(passed.fd(), 20));
  out.stop_waiting();
  CHECK(is_readable(passed.fd(), 10000));
  waiter.join();
}
