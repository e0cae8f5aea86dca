#include <vigil/exit_reason.hpp>
#include <vigil/external_form.hpp>
#include <vigil/literals.hpp>
#include "messages/term/check.hpp"
#include "messages/term/printer.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace std::literals;
using namespace vigil;

namespace {

const auto self = "a@h"_node;

constexpr creation life{0x0a0b0c0d};

const pid process{"b@h"_node, creation{7}, 98, 1};

const target named = named_target{"db"_process, "b@h"_node};

constexpr reference ref{to_integer(first_reference) + 42};

down down_of(const target& object, const exit_reason& reason) {
  down result;
  result.ref = ref;
  result.object = object;
  result.reason = reason;
  return result;
}

std::string printed(std::string_view bytes) {
  REQUIRE(check_external_term(bytes));
  return print_external_term(bytes);
}

// The parts of the terms below, byte by byte.
const auto process_bytes = "Xw\3b@h\0\0\0\x62\0\0\0\1\0\0\0\7"s;
const auto ref_bytes = "Z\0\3w\3a@h\x0a\x0b\x0c\x0d\0\0\0\x2a\1\0\0\0\0\0\0\0"s;
const auto named_bytes = "h\2w\2dbw\3b@h"s;
const auto down_bytes = "\x83h\5w\4DOWN"s + ref_bytes + "w\7process";

} // namespace

TEST_CASE("external forms: a pid") {
  CHECK(to_external(process) == "\x83" + process_bytes);
  CHECK(printed(to_external(process)) == "<b@h.98.1>");
  pid greatest{self, creation{0xffffffff}, 0xfffffffe, 0xfffffffd};
  CHECK(to_external(greatest)
        == "\x83Xw\3a@h\xff\xff\xff\xfe\xff\xff\xff\xfd\xff\xff\xff\xff"s);
}

TEST_CASE("external forms: a reference has three words, the lowest first") {
  CHECK(to_external(ref, self, life) == "\x83" + ref_bytes);
  CHECK(printed(to_external(ref, self, life)) == "#Ref<a@h.0.16777216.42>");
  CHECK(to_external(last_reference, self, creation{1})
        == "\x83Z\0\3w\3a@h\0\0\0\1\xff\xff\xff\xff\x0f\xff\xff\xff\0\0\0\0"s);
}

TEST_CASE("external forms: what is monitored, by pid and by name") {
  CHECK(to_external(target{process}) == to_external(process));
  CHECK(to_external(named) == "\x83" + named_bytes);
  CHECK(printed(to_external(named)) == "{db,b@h}");
}

TEST_CASE("external forms: a DOWN") {
  auto by_pid = to_external(down_of(process, exit_reason::killed()), self,
                            life);
  CHECK(by_pid == down_bytes + process_bytes + "w\6killed");
  CHECK(printed(by_pid)
        == "{'DOWN',#Ref<a@h.0.16777216.42>,process,<b@h.98.1>,killed}");
  auto by_name = to_external(down_of(named, exit_reason::noproc()), self, life);
  CHECK(by_name == down_bytes + named_bytes + "w\6noproc");
  CHECK(printed(by_name)
        == "{'DOWN',#Ref<a@h.0.16777216.42>,process,{db,b@h},noproc}");
}

TEST_CASE("external forms: a DOWN has its reason byte for byte") {
  // {badmatch, 1}, with an atom of an old tag.
  auto term = *exit_reason::from_external("\x83h\2d\0\10badmatcha\1"s);
  auto bytes = to_external(down_of(process, term), self, life);
  CHECK(bytes == down_bytes + process_bytes + "h\2d\0\10badmatcha\1"s);
  CHECK(printed(bytes)
        == "{'DOWN',#Ref<a@h.0.16777216.42>,process,<b@h.98.1>,{badmatch,1}}");
  auto large = exit_reason::binary(std::string(exit_reason::max_size - 6, 'x'));
  CHECK(to_external(down_of(named, large), self, life)
        == down_bytes + named_bytes + large.external().substr(1));
}

TEST_CASE("external forms: names of any length that a name may have") {
  auto longest
    = *node_name::parse("a@" + std::string(node_name::max_length - 2, 'h'));
  pid far{longest, creation{1}, 1, 0};
  CHECK(printed(to_external(far)) == "<" + to_string(longest) + ".1.0>");
  auto name = *process_name::parse(std::string(process_name::max_length, 'n'));
  CHECK(printed(to_external(target{named_target{name, longest}}))
        == "{" + name.str() + "," + to_string(longest) + "}");
}

TEST_CASE("external forms: each can be appended, and a text be used again") {
  std::string out = "before ";
  append_external(out, process);
  CHECK(out == "before " + to_external(process));
  out.clear();
  append_external(out, named);
  append_external(out, ref, self, life);
  CHECK(out == to_external(named) + to_external(ref, self, life));
  auto message = down_of(named, exit_reason::killed());
  out.clear();
  append_external(out, message, self, life);
  CHECK(out == to_external(message, self, life));
  auto capacity = out.capacity();
  auto where = out.data();
  out.clear();
  append_external(out, message, self, life);
  CHECK(out.data() == where);
  CHECK(out.capacity() == capacity);
}
