#include <vigil/literals.hpp>
#include <vigil/process_table.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

using namespace vigil;

namespace {

const auto self = "a@h"_node;

const auto db = "db"_process;

const auto web = "web"_process;

pid number(uint32_t x) {
  return {self, creation{1}, x, 0};
}

/// A table of processes 1 and 2, of which 1 is db.
struct table : process_table<std::string> {
  table() {
    CHECK(add(number(1), "one", db) == errc::none);
    CHECK(add(number(2), "two") == errc::none);
  }

  std::string value(uint32_t x) {
    auto found = find(number(x));
    return found != nullptr ? *found : "none";
  }
};

} // namespace

TEST_CASE_FIXTURE(table, "process table: a process under a taken name is not "
                         "added") {
  CHECK(add(number(3), "three", db) == errc::name_taken);
  CHECK_FALSE(contains(number(3)));
  CHECK(whereis(db) == number(1));
  // Nor is anything left of it.
  CHECK(add(number(3), "three", web) == errc::none);
  CHECK(value(3) == "three");
  CHECK(whereis(web) == number(3));
}

TEST_CASE_FIXTURE(table, "process table: a process that is not there cannot be "
                         "named, found or removed") {
  CHECK(register_name(web, number(3)) == errc::noproc);
  CHECK_FALSE(whereis(web));
  CHECK_FALSE(contains(number(3)));
  CHECK(find(number(3)) == nullptr);
  CHECK_FALSE(remove(number(3)));
  // The same number in another life of the node is another process.
  CHECK_FALSE(contains({self, creation{2}, 1, 0}));
  CHECK_FALSE(remove({self, creation{1}, 1, 1}));
  CHECK(value(1) == "one");
}

TEST_CASE_FIXTURE(table, "process table: a name is given once, and a process "
                         "has one at most") {
  CHECK(register_name(db, number(2)) == errc::name_taken);
  CHECK(register_name(db, number(1)) == errc::name_taken);
  CHECK(register_name(web, number(1)) == errc::name_taken);
  CHECK_FALSE(whereis(web));
  CHECK(whereis(db) == number(1));
  CHECK(register_name(web, number(2)) == errc::none);
  CHECK(whereis(web) == number(2));
}

TEST_CASE_FIXTURE(table, "process table: only a name that is given can be "
                         "taken away") {
  CHECK(unregister_name(web) == errc::not_registered);
  CHECK(unregister_name(db) == errc::none);
  CHECK(unregister_name(db) == errc::not_registered);
  CHECK_FALSE(whereis(db));
  CHECK(contains(number(1)));
  // Both are free for others.
  CHECK(register_name(db, number(2)) == errc::none);
  CHECK(register_name(web, number(1)) == errc::none);
  CHECK(whereis(db) == number(2));
}

TEST_CASE_FIXTURE(table, "process table: a name goes with its process, and "
                         "with no other") {
  CHECK(register_name(web, number(2)) == errc::none);
  CHECK(remove(number(1)) == "one");
  CHECK_FALSE(remove(number(1)));
  CHECK_FALSE(whereis(db));
  CHECK(whereis(web) == number(2));
  CHECK(unregister_name(db) == errc::not_registered);
  CHECK(add(number(3), "three", db) == errc::none);
  CHECK(whereis(db) == number(3));
  // One that has lost its name takes none with it.
  CHECK(unregister_name(db) == errc::none);
  CHECK(register_name(db, number(2)) == errc::name_taken);
  CHECK(unregister_name(web) == errc::none);
  CHECK(register_name(db, number(2)) == errc::none);
  CHECK(remove(number(3)) == "three");
  CHECK(whereis(db) == number(2));
}

TEST_CASE_FIXTURE(table, "process table: what is kept for a process can be "
                         "changed, and comes back in the end") {
  *find(number(1)) += " more";
  CHECK(value(1) == "one more");
  CHECK(value(2) == "two");
  CHECK(remove(number(1)) == "one more");
}

TEST_CASE("process table: what can only be moved can be kept") {
  process_table<std::unique_ptr<int>> x;
  CHECK(x.add(number(1), std::make_unique<int>(7)) == errc::none);
  auto kept = x.remove(number(1));
  REQUIRE(kept);
  CHECK(**kept == 7);
}

TEST_CASE_FIXTURE(table, "process table: each process is visited once, and "
                         "none when all are gone") {
  std::string all;
  for_each([&](const pid& x, const std::string& value) {
    all += std::to_string(x.number) + value;
  });
  CHECK((all == "1one2two" || all == "2two1one"));
  clear();
  for_each([](const pid&, const std::string&) { FAIL("one is left"); });
  CHECK_FALSE(contains(number(1)));
  CHECK_FALSE(whereis(db));
  CHECK(add(number(2), "two", db) == errc::none);
}
