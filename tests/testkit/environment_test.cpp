// Which seeds are run, and what the environment has to say about it.

#include "tests/testkit/finding.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A variable of the environment that is set as long as this exists.
class variable {
public:
  variable(const char* name, const char* value) : name_(name) {
    setenv(name, value, 1);
  }

  ~variable() {
    unsetenv(name_);
  }

  variable(const variable&) = delete;

  variable& operator=(const variable&) = delete;

private:
  const char* name_;
};

/// Returns a number that each seed draws, for all that are run.
std::vector<uint64_t> drawn(const testkit::run_options& options) {
  std::vector<uint64_t> result;
  testkit::run(
    [&](testkit::cluster& c) { result.push_back(c.random(UINT64_MAX)); },
    options);
  return result;
}

} // namespace

TEST_CASE("seeds follow each other, each with its own chance") {
  auto five = drawn({1, 5});
  CHECK(five.size() == 5);
  for (size_t i = 1; i < five.size(); ++i)
    CHECK(five[i] != five[i - 1]);
  CHECK(drawn({2, 1}) == std::vector{five[1]});
}

TEST_CASE("VIGIL_SEEDS says how many, and VIGIL_SEED which") {
  auto five = drawn({1, 5});
  variable many{"VIGIL_SEEDS", "3"};
  CHECK(drawn({1, 5}).size() == 3);
  variable one{"VIGIL_SEED", "4"};
  CHECK(drawn({1, 5}) == std::vector{five[3]});
}

TEST_CASE("an empty variable is none, and one that is no number is an error") {
  variable many{"VIGIL_SEEDS", ""};
  variable one{"VIGIL_SEED", ""};
  CHECK(drawn({1, 5}).size() == 5);
  variable wrong{"VIGIL_SEED", "4 "};
  says(finding([](testkit::cluster&) {}), "VIGIL_SEED is no number: 4 ");
}

TEST_CASE("a failure that a framework has only noted ends a seed as well") {
  testkit::run_options options{1, 5};
  auto runs = 0;
  auto noted = false;
  options.failed = [&] { return noted; };
  auto body = [&](testkit::cluster&) { noted = ++runs == 3; };
  std::string found;
  try {
    testkit::run(body, options);
  } catch (const testkit::failure& x) {
    found = x.what();
  }
  // Once more for the transcript, in which it is not noted again.
  CHECK(runs == 4);
  says(found, "seed 3, 0.000 s: the test framework has noted a failure");
  says(found, "a second run of this seed has found something else: nothing");
}
