// What a result gives, and how a program ends that takes an error for a value.

#include <vigil/result.hpp>

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>

using namespace vigil;

namespace {

result<std::unique_ptr<int>> port_taken() {
  return error{errc::address_in_use, "port 4001"};
}

/// Runs `f` in a child that must die of SIGABRT; returns what it has written to
/// standard error.
template <class F>
std::string last_words(F f) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // Not the handler of the tests, which has words of its own.
    std::signal(SIGABRT, SIG_DFL);
    ::dup2(ends[1], STDERR_FILENO);
    f();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  char buffer[512];
  for (ssize_t count; (count = ::read(ends[0], buffer, sizeof(buffer))) > 0;)
    text.append(buffer, static_cast<size_t>(count));
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("result: a value can be looked at, moved out, and has no failure") {
  result<std::unique_ptr<int>> x{std::make_unique<int>(7)};
  CHECK(x);
  CHECK(**x == 7);
  CHECK(*x.value() == 7);
  CHECK(x.code() == errc::none);
  CHECK(x.failure() == error{errc::none, {}});
  auto taken = std::move(x).value();
  CHECK(*taken == 7);
}

TEST_CASE("result: a failure has a code and particulars") {
  auto x = port_taken();
  CHECK_FALSE(x);
  CHECK(x.code() == errc::address_in_use);
  CHECK(x.failure().detail == "port 4001");
}

TEST_CASE("result: value() of an error says which and in which line, then "
          "aborts") {
  auto line = std::to_string(__LINE__ + 1);
  auto words = last_words([] { static_cast<void>(port_taken().value()); });
  CHECK(contains(words, "result_test.cpp:" + line));
  CHECK(contains(words, to_string(error{errc::address_in_use, "port 4001"})));
  // One line.
  CHECK(words.find('\n') == words.size() - 1);
}

TEST_CASE("result: an error that is dereferenced says which and where in the "
          "program, then aborts") {
  auto x = port_taken();
  for (const auto& words : {last_words([&] { static_cast<void>(*x); }),
                            last_words([&] { x->reset(); })}) {
    CHECK(contains(words, "vigil_core_tests(+0x"));
    CHECK(contains(words, "address_in_use"));
    CHECK(words.find('\n') == words.size() - 1);
  }
}
