#include "tools/demo/down_ledger.hpp"

#include <doctest/doctest.h>

using namespace vigil;

TEST_CASE("a ledger balances when all that was expected came once") {
  down_ledger ledger;
  ledger.begin("one");
  CHECK(ledger.balanced());
  ledger.expect("down a");
  CHECK_FALSE(ledger.balanced());
  CHECK(ledger.total().received == 0);
  ledger.begin("two");
  ledger.expect("down b");
  CHECK(ledger.receive("down b"));
  CHECK(ledger.receive("down a"));
  CHECK(ledger.balanced());
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
    // These two numbers alone would not tell.
    CHECK(ledger.total().expected == ledger.total().received);
    CHECK(ledger.total().surplus == 1);
  }
  CHECK_FALSE(ledger.balanced());
}
