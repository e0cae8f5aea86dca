#include "tools/demo/timeline.hpp"

#include "tools/demo/down_ledger.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace vigil;

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
