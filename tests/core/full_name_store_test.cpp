// How node b greets others in a program that has no room for further names, and
// how many names it takes from them before.

#include <vigil/literals.hpp>
#include "tests/core/session_layer_fixture.hpp"

#include <csignal>
#include <cstddef>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

using namespace vigil;
using namespace vigil::test;

using layer_b = session_layer_fixture;

namespace {

/// Runs `f` in a process of its own, because names are for the life of a
/// program, and returns how it exits.
template <class F>
int in_a_child(const F& f) {
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0)
    ::_exit(f());
  int status = -1;
  CHECK(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/// Runs `f` likewise and returns what it writes to standard error.
template <class F>
std::string said_in_a_child(const F& f, int& status) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  status = in_a_child([&] {
    ::dup2(ends[1], STDERR_FILENO);
    return f();
  });
  ::close(ends[1]);
  char text[1024];
  auto size = ::read(ends[0], text, sizeof(text));
  ::close(ends[0]);
  return {text, static_cast<size_t>(size)};
}

std::string name_of(size_t number) {
  return "n" + std::to_string(number) + "@h";
}

} // namespace

TEST_CASE(
  "node_name: what others call themselves leaves room for the program's "
  "own names") {
  auto steps = in_a_child([] {
    size_t number = 0;
    while (node_name::learn(name_of(number)))
      ++number;
    if (node_name::num_names() != node_name::max_learnt_names)
      return 1;
    if (node_name::can_learn("other@h") || node_name::num_names() > 983'040)
      return 2;
    // Those that are there are found as before.
    if (!node_name::can_learn(name_of(0))
        || node_name::learn(name_of(7)) != node_name::parse(name_of(7)))
      return 3;
    while (node_name::parse(name_of(number)))
      ++number;
    if (node_name::num_names() != 1'048'576 || node_name::parse("other@h"))
      return 4;
    return node_name::parse(name_of(7)) ? 0 : 5;
  });
  CHECK(steps == 0);
}

TEST_CASE("node_name: a literal that finds no room ends the program with a "
          "line") {
  int status = 0;
  auto said = said_in_a_child(
    [] {
      // The test program's own answer to the signal would be a longer text.
      std::signal(SIGABRT, SIG_DFL);
      size_t number = 0;
      while (node_name::parse(name_of(number)))
        ++number;
      return "no-room@h"_node ? 1 : 2;
    },
    status);
  CHECK(status == -SIGABRT);
  CHECK(said
        == "vigil: no room for the node name no-room@h: there are 1048576\n");
}

TEST_CASE_FIXTURE(layer_b, "greeting: a program that knows as many names as it "
                           "may refuses new ones and goes on with the others") {
  auto steps = in_a_child([this] {
    arrive(9, greeting(node_d, 109));
    auto slow = greeting(node_a, 100);
    slow.name = "slow@h";
    arrive(8, slow);
    size_t number = 0;
    while (node_name::learn(name_of(number)))
      ++number;
    auto stranger = greeting(node_a, 100);
    stranger.name = "stranger@h";
    if (arrive(1, stranger) != lines{"c1 goodbye s3>100 refused/system_limit"})
      return 1;
    // It had said hello when there was room.
    slow.numbers.receiver = printer.own(2);
    if (arrive(8, slow) != lines{"c8 goodbye s2>100 refused/system_limit"})
      return 2;
    if (arrive(9, greeting(node_d, 109, 1)) != lines{"link_up d 1"})
      return 3;
    if (arrive(2, greeting(node_a, 101)) != lines{"c2 hello s4>101 b"})
      return 4;
    // The program itself names and dials on.
    auto wanted = node_name::parse("wanted@h");
    return wanted && open(*wanted) == lines{"dial 1 wanted"} ? 0 : 5;
  });
  CHECK(steps == 0);
}

TEST_CASE_FIXTURE(layer_b, "greeting: a stranger's name is text until its "
                           "session is up") {
  auto before = node_name::num_names();
  auto x = greeting(node_a, 100);
  for (uint64_t i = 1; i <= 1'000; ++i) {
    x.name = "stranger" + std::to_string(i) + "@far";
    x.numbers.sender = session_number{i};
    CHECK(arrive(i, x).size() == 1);
  }
  CHECK(node_name::num_names() == before);
  x.numbers.receiver = printer.own(1000);
  CHECK_LINES(arrive(1000, x), {"link_up stranger1000 1"});
  CHECK(node_name::num_names() == before + 1);
}

TEST_CASE_FIXTURE(layer_b, "greeting: a stranger that the program names and "
                           "dials meanwhile is one peer") {
  auto x = greeting(node_a, 100);
  x.name = "early@far";
  CHECK_LINES(arrive(1, x), {"c1 hello s1>100 b"});
  auto name = node_name::parse("early@far");
  REQUIRE(name);
  CHECK_LINES(open(*name), {});
  x.numbers.receiver = printer.own(1);
  CHECK_LINES(arrive(1, x), {"link_up early 1"});
}
