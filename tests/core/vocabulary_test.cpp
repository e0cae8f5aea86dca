#include <vigil/control_message.hpp>
#include <vigil/creation.hpp>
#include <vigil/errc.hpp>
#include <vigil/node_name.hpp>
#include <vigil/opcode.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include "absl/hash/hash.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::literals;
using namespace vigil;

namespace {

node_name node(std::string_view text) {
  auto result = node_name::parse(text);
  REQUIRE(result.has_value());
  return *result;
}

process_name name(std::string_view text) {
  auto result = process_name::parse(text);
  REQUIRE(result.has_value());
  return *result;
}

pid process(std::string_view text) {
  auto result = parse_pid(text);
  REQUIRE(result.has_value());
  return *result;
}

std::vector<errc> every_errc() {
  std::vector<errc> result;
  for (auto i = 0; i <= static_cast<int>(errc::duplicate_id); ++i)
    result.push_back(static_cast<errc>(i));
  return result;
}

} // namespace

// -- names --------------------------------------------------------------------

TEST_CASE("node names: what parses prints the same") {
  for (auto text : {"a@b"s, "alive@host"s, "A-z_09@10.0.0.1"s, "a@h-1.example"s,
                    std::string(253, 'a') + "@h"}) {
    CAPTURE(text);
    CHECK(to_string(node(text)) == text);
  }
  CHECK(node("alive@host").alive() == "alive");
  CHECK(node("alive@host").host() == "host");
}

TEST_CASE("node names: what does not parse") {
  for (auto text : {""s, "@"s, "a"s, "a@"s, "@h"s, "a@h@i"s, "a b@h"s, "a@h:1"s,
                    "a.b@h"s, "a@h_/"s, " a@h"s, "a@h\n"s, "\xc3\xa4@h"s,
                    "a@h\0"s, std::string(254, 'a') + "@h"}) {
    CAPTURE(text);
    CHECK(node_name::parse(text) == std::nullopt);
  }
}

TEST_CASE("node names: equal texts are the same name, ordered by text") {
  CHECK(node("a@h") == node("a@h"));
  CHECK(node("a@h") != node("b@h"));
  CHECK(std::hash<node_name>{}(node("a@h"))
        == std::hash<node_name>{}(node("a@h")));
  CHECK(node("a@h") < node("b@h"));
  CHECK_FALSE(node("b@h") < node("a@h"));
}

TEST_CASE("node names: the hash is that of the text, the same in every run") {
  for (auto text : {"a@h"s, "b@h"s, "a-longer_name@host.example"s}) {
    CAPTURE(text);
    CHECK(std::hash<node_name>{}(node(text)) == std::hash<std::string>{}(text));
  }
}

TEST_CASE("node names: no name is less than every name") {
  node_name none;
  CHECK_FALSE(none);
  CHECK(none.str() == "");
  CHECK(none.alive() == "");
  CHECK(none.host() == "");
  CHECK(none == node_name{});
  CHECK(none != node("a@h"));
  CHECK(none < node("a@h"));
}

TEST_CASE("process names") {
  for (auto text : {"a"s, "A-z_09"s, "-"s, "9"s, std::string(255, 'x')}) {
    CAPTURE(text);
    CHECK(to_string(name(text)) == text);
  }
  for (auto text : {""s, "a b"s, "a.b"s, "a,b"s, "a@b"s, "\xc3\xa4"s, "a\0"s,
                    std::string(256, 'x')}) {
    CAPTURE(text);
    CHECK(process_name::parse(text) == std::nullopt);
  }
  CHECK_FALSE(process_name{});
  CHECK(name("a") == name("a"));
  CHECK(name("a") != name("b"));
  CHECK(name("a") < name("b"));
}

TEST_CASE("process names: equal, ordered and hashed by text") {
  auto x = name("db");
  auto copy = x;
  auto other = name("db");
  CHECK(&copy.str() == &x.str());
  CHECK(&other.str() != &x.str());
  CHECK(other == x);
  CHECK_FALSE(other != x);
  CHECK_FALSE(other < x);
  CHECK(std::hash<process_name>{}(other) == std::hash<process_name>{}(x));
  CHECK(absl::Hash<process_name>{}(other) == absl::Hash<process_name>{}(x));
  // Shorter first if one starts with the other.
  CHECK(name("d") < x);
  CHECK(x < name("dc"));
}

TEST_CASE("process names: no name is less than every name") {
  process_name none;
  CHECK(none.str().empty());
  CHECK(to_string(none) == "");
  CHECK(none == process_name{});
  CHECK(none != name("a"));
  CHECK(name("a") != none);
  CHECK(none < name("-"));
  CHECK_FALSE(none < process_name{});
}

TEST_CASE("process names: a copy outlives what it was copied from") {
  auto x = name("db");
  auto y = x;
  auto z = std::move(x);
  x = name("web");
  z = process_name{};
  CHECK(y.str() == "db");
  CHECK(x.str() == "web");
  CHECK_FALSE(z);
}

// -- pids, references, targets ------------------------------------------------

TEST_CASE("pids: what prints parses back") {
  auto a = node("alive@host");
  for (auto x : {pid{a, creation{1}, 1, 0}, pid{a, creation{1}, 0, 1},
                 pid{a, creation{4294967295}, 4294967295, 4294967295}}) {
    CHECK(valid(x));
    CHECK(process(to_string(x)) == x);
  }
  CHECK(to_string(pid{a, creation{7}, 42, 3}) == "<alive@host:7:42:3>");
}

TEST_CASE("pids: what does not parse") {
  for (auto text : {"",
                    "<>",
                    "a@h:1:2:3",
                    "<a@h:1:2:3",
                    "a@h:1:2:3>",
                    "<a@h:1:2>",
                    "<a@h:1:2:3:4>",
                    "<a@h:0:2:3>",
                    "<a@h:1:0:0>",
                    "<a@h:1:4294967296:3>",
                    "<a@h:1:2:4294967296>",
                    "<a@h:4294967296:2:3>",
                    "<a@h:-1:2:3>",
                    "<a@h:+1:2:3>",
                    "<a@h:01:2:3>",
                    "<a@h: 1:2:3>",
                    "<a@h:1:2:>",
                    "<a@h:1::3>",
                    "<a:1:2:3>",
                    "<:1:2:3>",
                    "<a@h:1:2:3> ",
                    "<a@h:1:2:3x>",
                    "<a@h:0x1:2:3>"}) {
    CAPTURE(text);
    CHECK(parse_pid(text) == std::nullopt);
  }
}

TEST_CASE("pids: ordered by the text of the node, then as they were given") {
  auto a = node("a@h");
  std::vector<pid> expected{{},
                            {a, creation{1}, 7, 0},
                            {a, creation{1}, 8, 0},
                            {a, creation{1}, 1, 1},
                            {a, creation{2}, 1, 0},
                            {node("b@h"), creation{1}, 1, 0}};
  for (size_t i = 0; i < expected.size(); ++i)
    for (size_t j = 0; j < expected.size(); ++j) {
      CAPTURE(i);
      CAPTURE(j);
      CHECK((expected[i] < expected[j]) == (i < j));
    }
}

TEST_CASE("pids: the same process only if all four agree") {
  pid x{node("a@h"), creation{1}, 2, 3};
  CHECK(x == pid{node("a@h"), creation{1}, 2, 3});
  CHECK(std::hash<pid>{}(x)
        == std::hash<pid>{}(pid{node("a@h"), creation{1}, 2, 3}));
  CHECK(x != pid{node("b@h"), creation{1}, 2, 3});
  CHECK(x != pid{node("a@h"), creation{2}, 2, 3});
  CHECK(x != pid{node("a@h"), creation{1}, 1, 3});
  CHECK(x != pid{node("a@h"), creation{1}, 2, 1});
}

TEST_CASE("pids: what cannot identify a process is not valid") {
  CHECK_FALSE(valid(pid{}));
  CHECK_FALSE(valid(pid{node_name{}, creation{1}, 2, 3}));
  CHECK_FALSE(valid(pid{node("a@h"), creation{0}, 2, 3}));
  CHECK_FALSE(valid(pid{node("a@h"), creation{1}, 0, 0}));
}

TEST_CASE("references: 2^56 to 2^60 - 1") {
  CHECK(to_integer(first_reference) == 72057594037927936);
  CHECK(to_integer(last_reference) == 1152921504606846975);
  CHECK(to_string(first_reference) == "#Ref<72057594037927936>");
  CHECK(parse_reference("#Ref<72057594037927936>") == first_reference);
  CHECK(parse_reference("#Ref<1152921504606846975>") == last_reference);
  for (auto text :
       {"#Ref<72057594037927935>", "#Ref<1152921504606846976>", "#Ref<0>",
        "#Ref<>", "#Ref<", "", "72057594037927936", "#Ref<072057594037927936>",
        "#Ref<-72057594037927936>", "#Ref<18446744073709551616>",
        "#ref<72057594037927936>", "#Ref<72057594037927936> "}) {
    CAPTURE(text);
    CHECK(parse_reference(text) == std::nullopt);
  }
}

TEST_CASE("targets: a pid, or a name and its node") {
  target by_pid = process("<a@h:1:2:3>");
  target by_name = named_target{name("db"), node("b@h")};
  CHECK(valid(by_pid));
  CHECK(valid(by_name));
  CHECK(node_of(by_pid) == node("a@h"));
  CHECK(node_of(by_name) == node("b@h"));
  CHECK(to_string(by_pid) == "<a@h:1:2:3>");
  CHECK(to_string(by_name) == "{db,b@h}");
  CHECK(parse_target("<a@h:1:2:3>") == by_pid);
  CHECK(parse_target("{db,b@h}") == by_name);
  CHECK(parse_target("{db,c@h}") != by_name);
  CHECK(parse_target("{de,b@h}") != by_name);
}

TEST_CASE("targets: what does not parse, or is not valid") {
  for (auto text :
       {"", "{}", "{,}", "{db}", "{db,}", "{,b@h}", "{db,b}", "{db, b@h}",
        "{db,b@h", "db,b@h}", "{d b,b@h}", "{db,b@h,c}", "<a@h:1:0:0>", "db"}) {
    CAPTURE(text);
    CHECK(parse_target(text) == std::nullopt);
  }
  CHECK_FALSE(valid(target{}));
  CHECK_FALSE(valid(named_target{process_name{}, node("a@h")}));
  CHECK_FALSE(valid(named_target{name("db"), node_name{}}));
}

TEST_CASE(
  "pids: numbers of 64 bits fit if the serial is 0, or neither has more "
  "than 32") {
  auto here = node("a@h");
  constexpr creation life{7};
  auto wide = [&](uint64_t number, uint64_t serial) {
    return make_wide_pid(here, life, number, serial);
  };
  constexpr auto most = ~uint64_t{0};
  constexpr uint64_t most32 = 0xffffffff;
  CHECK(wide(5, 0) == pid{here, life, 5, 0});
  CHECK(wide(most32 + 8, 0) == pid{here, life, 7, 1});
  CHECK(wide(most, 0) == pid{here, life, 0xffffffff, 0xffffffff});
  for (auto number : {uint64_t{1}, most32, most32 + 1, most})
    CHECK(local_number(*wide(number, 0)) == number);
  CHECK(wide(5, 3) == pid{here, life, 5, 3});
  CHECK(wide(0, 1) == pid{here, life, 0, 1});
  CHECK(wide(most32, most32) == wide(most, 0));
  CHECK(wide(0, 0) == std::nullopt);
  CHECK(wide(most32 + 1, 1) == std::nullopt);
  CHECK(wide(5, most32 + 1) == std::nullopt);
  CHECK(wide(most, most) == std::nullopt);
}

// -- control messages ---------------------------------------------------------

TEST_CASE("opcodes: the numbers of the Erlang distribution protocol") {
  CHECK(static_cast<int>(opcode::monitor_p) == 19);
  CHECK(static_cast<int>(opcode::demonitor_p) == 20);
  CHECK(static_cast<int>(opcode::monitor_p_exit) == 21);
  CHECK(monitor_p::code == opcode::monitor_p);
  CHECK(demonitor_p::code == opcode::demonitor_p);
  CHECK(monitor_p_exit::code == opcode::monitor_p_exit);
  CHECK(opcode_of(monitor_p{}) == opcode::monitor_p);
  CHECK(opcode_of(demonitor_p{}) == opcode::demonitor_p);
  CHECK(opcode_of(monitor_p_exit{}) == opcode::monitor_p_exit);
}

TEST_CASE_TEMPLATE("control messages: valid only if every field is", Message,
                   monitor_p, demonitor_p, monitor_p_exit) {
  Message good;
  good.watcher = process("<a@h:1:2:3>");
  good.object = process("<b@h:4:5:6>");
  good.ref = first_reference;
  CHECK(valid(good));
  CHECK(valid(control_message{good}));
  auto named = good;
  named.object = named_target{name("db"), node("b@h")};
  CHECK(valid(named));
  CHECK_FALSE(good == named);
  auto bad_watcher = good;
  bad_watcher.watcher.life = creation{0};
  CHECK_FALSE(valid(bad_watcher));
  CHECK_FALSE(good == bad_watcher);
  auto bad_object = good;
  bad_object.object = pid{};
  CHECK_FALSE(valid(bad_object));
  bad_object.object = named_target{process_name{}, node("b@h")};
  CHECK_FALSE(valid(bad_object));
  auto bad_ref = good;
  bad_ref.ref = reference{to_integer(last_reference) + 1};
  CHECK_FALSE(valid(bad_ref));
  CHECK_FALSE(valid(control_message{bad_ref}));
  CHECK_FALSE(good == bad_ref);
  bad_ref.ref = reference{0};
  CHECK_FALSE(valid(bad_ref));
}

TEST_CASE("control messages: they print as the protocol writes them") {
  auto watcher = process("<a@h:1:2:3>");
  target object = named_target{name("db"), node("b@h")};
  CHECK(to_string(monitor_p{watcher, object, first_reference})
        == "{MONITOR_P,<a@h:1:2:3>,{db,b@h},#Ref<72057594037927936>}");
  CHECK(to_string(demonitor_p{watcher, object, first_reference})
        == "{DEMONITOR_P,<a@h:1:2:3>,{db,b@h},#Ref<72057594037927936>}");
  monitor_p_exit exit{object, watcher, first_reference,
                      exit_reason::binary("disk full")};
  CHECK(to_string(control_message{exit})
        == "{MONITOR_P_EXIT,{db,b@h},<a@h:1:2:3>,#Ref<72057594037927936>,"
           "\"disk full\"}");
  auto other = exit;
  other.reason = exit_reason::noproc();
  CHECK_FALSE(exit == other);
}

// -- errors -------------------------------------------------------------------

TEST_CASE("errors: each has a name of its own and a sentence") {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  for (auto code : every_errc()) {
    CAPTURE(to_string(code));
    CHECK(to_string(code) != "unknown");
    CHECK(to_string(code).find_first_not_of("abcdefghijklmnopqrstuvwxyz_")
          == std::string_view::npos);
    CHECK_FALSE(sentence(code).empty());
    CHECK(sentence(code).back() != '.');
    CHECK(names.insert(to_string(code)).second);
    CHECK(sentences.insert(sentence(code)).second);
  }
  // The list above ends with the last one.
  auto next = static_cast<int>(errc::duplicate_id) + 1;
  CHECK(to_string(static_cast<errc>(next)) == "unknown");
}

TEST_CASE("errors: whether trying again can help") {
  CHECK_FALSE(may_retry(errc::none));
  CHECK(may_retry(errc::no_connection));
  CHECK(may_retry(errc::busy));
  CHECK_FALSE(may_retry(errc::reference_exhausted));
  CHECK_FALSE(may_retry(errc::shutdown));
  CHECK_FALSE(may_retry(errc::bad_argument));
}

TEST_CASE("errors: they print on one line") {
  CHECK(to_string(error{errc::busy, ""})
        == "busy what waits to be sent or handled is at its bound");
  CHECK(to_string(error{errc::busy, "b@h"})
        == "busy what waits to be sent or handled is at its bound: b@h");
  CHECK(error{errc::busy, "x"} == error{errc::busy, "x"});
  CHECK_FALSE(error{errc::busy, "x"} == error{errc::busy, "y"});
  CHECK_FALSE(error{errc::busy, "x"} == error{errc::closed, "x"});
}
