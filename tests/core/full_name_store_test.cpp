// How node b greets others in a program that has no room for further names.

#include "tests/core/session_layer_fixture.hpp"

#include <cstddef>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

using namespace vigil;
using namespace vigil::test;

using layer_b = session_layer_fixture;

TEST_CASE_FIXTURE(layer_b, "greeting: a program that knows as many names as it "
                           "may refuses new ones and goes on with the others") {
  // In a process of its own: names are for the life of a program.
  auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    size_t number = 0;
    while (node_name::parse("n" + std::to_string(number) + "@h"))
      ++number;
    auto stranger = greeting(node_a, 100);
    stranger.name = "stranger@h";
    auto refused = arrive(1, stranger)
                   == lines{"c1 goodbye s1>100 refused/system_limit"};
    auto welcome = arrive(2, greeting(node_a, 101))
                   == lines{"c2 hello s2>101 b"};
    ::_exit((refused ? 0 : 1) + (welcome ? 0 : 2));
  }
  int status = -1;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}
