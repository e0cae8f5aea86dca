#include <vigil/literals.hpp>

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

using namespace vigil;

namespace {

const process_name& database() {
  return "database"_process;
}

} // namespace

TEST_CASE("literals: they are the names that their texts are read as") {
  CHECK("a@localhost"_node == node_name::parse("a@localhost"));
  CHECK("A-Z_9@10.0.0.1"_node == node_name::parse("A-Z_9@10.0.0.1"));
  CHECK("db"_process == process_name::parse("db"));
  CHECK("Up-per_1"_process == process_name::parse("Up-per_1"));
  CHECK("db"_process != "de"_process);
}

TEST_CASE("literals: each is made once") {
  CHECK(&database() == &database());
  auto before = node_name::num_names();
  for (auto i = 0; i < 3; ++i)
    CHECK("made-once@h"_node.host() == "h");
  CHECK(node_name::num_names() == before + 1);
}

TEST_CASE("names: what is valid is known when a program is compiled") {
  static_assert(node_name::is_valid("a@h"));
  static_assert(node_name::is_valid("a-_Z9@x.y-z_0"));
  static_assert(node_name::is_valid("a@."));
  for (auto text : {"", "@", "a", "a@", "@h", "a@b@c", "a.b@h", "a b@h",
                    "a@h h", "\xc3\xa4@h", "a@h\n"})
    CHECK_FALSE(node_name::is_valid(text));
  CHECK_FALSE(node_name::is_valid({"a@h\0", 4}));
  CHECK(node_name::is_valid("a@" + std::string(253, 'h')));
  CHECK_FALSE(node_name::is_valid("a@" + std::string(254, 'h')));

  static_assert(process_name::is_valid("a-_Z9"));
  for (auto text : {"", "a b", "a.b", "a@b", "\xc3\xa4"})
    CHECK_FALSE(process_name::is_valid(text));
  CHECK_FALSE(process_name::is_valid({"a\0", 2}));
  CHECK(process_name::is_valid(std::string(255, 'a')));
  CHECK_FALSE(process_name::is_valid(std::string(256, 'a')));
}

TEST_CASE("threads: one literal is met first on several") {
  std::vector<const process_name*> found(4);
  std::vector<std::thread> threads;
  threads.reserve(found.size());
  for (auto& place : found)
    threads.emplace_back([&place] { place = &"met-by-many"_process; });
  for (auto& x : threads)
    x.join();
  for (auto place : found)
    CHECK(place == found.front());
}
