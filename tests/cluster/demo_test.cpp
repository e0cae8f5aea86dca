#include "tests/cluster/cluster.hpp"

#include <doctest/doctest.h>

using namespace vigil::test;

TEST_CASE("the demo sees every DOWN that it expects") {
  auto result = run({"demo"});
  CAPTURE(result.output);
  CAPTURE(result.errors);
  CHECK(result.status == 0);
  CHECK(result.errors.empty());
  CHECK(result.output.find("WRONG") == std::string::npos);
  CHECK(result.output.find("wrong") == std::string::npos);
  CHECK(result.output.find("  total") != std::string::npos);
  // No terminal, no colours.
  CHECK(result.output.find('\x1b') == std::string::npos);
}
