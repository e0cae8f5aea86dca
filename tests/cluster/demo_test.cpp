#include "tests/cluster/cluster.hpp"

#include "tools/demo/down_ledger.hpp"
#include "tools/demo/timeline.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace vigil;
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

TEST_CASE("a ledger balances when all that was expected came once") {
  down_ledger ledger;
  ledger.begin("one");
  CHECK(ledger.balanced());
  ledger.expect("down a");
  CHECK_FALSE(ledger.balanced());
  CHECK(ledger.missing() == std::vector<std::string>{"down a"});
  ledger.begin("two");
  ledger.expect("down b");
  CHECK(ledger.receive("down b"));
  CHECK(ledger.receive("down a"));
  CHECK(ledger.balanced());
  CHECK(ledger.missing().empty());
  CHECK(ledger.scenes()[0].received == 1);
  CHECK(ledger.scenes()[1].received == 1);
  CHECK(ledger.total().expected == 2);
}

TEST_CASE("a ledger does not balance with a DOWN too many or another reason") {
  down_ledger ledger;
  ledger.begin("one");
  ledger.expect("down a normal");
  SUBCASE("it comes twice") {
    CHECK(ledger.receive("down a normal"));
    CHECK_FALSE(ledger.receive("down a normal"));
    CHECK(ledger.total().surplus == 1);
  }
  SUBCASE("it comes with another reason") {
    CHECK_FALSE(ledger.receive("down a killed"));
    CHECK(ledger.missing().size() == 1);
    // The numbers alone would not tell.
    CHECK(ledger.total().expected == ledger.total().received);
  }
  CHECK_FALSE(ledger.balanced());
}

TEST_CASE("a table says which scene went wrong") {
  down_ledger ledger;
  ledger.begin("good");
  ledger.begin("bad");
  ledger.expect("down a");
  std::ostringstream out;
  timeline course{out, {}};
  course.table(ledger);
  auto text = out.str();
  auto good = text.find("good");
  auto bad = text.find("bad");
  REQUIRE(good < bad);
  CHECK(text.substr(good, bad - good).find("ok") != std::string::npos);
  CHECK(text.substr(bad).find("WRONG") != std::string::npos);
}
