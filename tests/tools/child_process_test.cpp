#include "tools/demo/child_process.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>

using namespace vigil;

namespace {

child_process::clock::time_point soon() {
  return child_process::clock::now() + std::chrono::seconds{20};
}

} // namespace

TEST_CASE("child process: a program that does not exist, or is none, is "
          "refused") {
  auto missing = child_process::start("/nonexistent", {});
  REQUIRE_FALSE(missing);
  CHECK(missing.failure().code == errc::bad_argument);
  CHECK(missing.failure().detail == "/nonexistent: No such file or directory");
  auto folder = child_process::start("/", {"argument"});
  REQUIRE_FALSE(folder);
  CHECK(folder.failure().detail == "/: Permission denied");
}

TEST_CASE("child process: its end is seen, in good order or not") {
  auto good = child_process::start("/bin/sh", {"-c", "exit 3"});
  REQUIRE(good);
  CHECK(good->wait(soon()) == 3);
  auto killed = child_process::start("/bin/sh", {"-c", "kill -9 $$"});
  REQUIRE(killed);
  CHECK(killed->wait(soon()) == 128 + SIGKILL);
}

TEST_CASE("child process: its end is its own, whoever has what it held") {
  // The shell's own child ends with its input.
  auto outlived = child_process::start("/bin/sh",
                                       {"-c", "exec 3<&0; cat <&3 & exit 5"});
  REQUIRE(outlived);
  CHECK(outlived->wait(soon()) == 5);
  outlived->close_input();
}

TEST_CASE(
  "child process: one that is given up does not wait for its children") {
  auto given_up = child_process::start("/bin/sh",
                                       {"-c", "exec 3<&0; cat <&3 & exec cat"});
  CHECK(given_up);
}

TEST_CASE("child process: one that is given up is killed, and does not keep "
          "another") {
  auto first = child_process::start("/bin/cat", {});
  REQUIRE(first);
  {
    auto second = child_process::start("/bin/cat", {});
    REQUIRE(second);
  }
  CHECK_FALSE(first->wait(child_process::clock::now()));
  first->close_input();
  CHECK(first->wait(soon()) == 0);
}
