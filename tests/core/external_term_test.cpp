#include "messages/term/check.hpp"
#include "messages/term/printer.hpp"
#include "messages/term/reader.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace std::literals;
using namespace vigil;

namespace {

/// Puts the version byte before a term. Terms are written as `s` literals,
/// because they hold zero bytes.
std::string term(std::string_view body) {
  return "\x83" + std::string{body};
}

bool accepted(std::string_view body) {
  return check_external_term(term(body));
}

std::string print(std::string_view body) {
  auto bytes = term(body);
  REQUIRE(check_external_term(bytes));
  return print_external_term(bytes);
}

std::string repeat(std::string_view x, size_t n) {
  std::string result;
  for (size_t i = 0; i < n; ++i)
    result += x;
  return result;
}

/// Tuples of one element, `depth` of them, around an integer.
std::string nested(size_t depth) {
  return repeat("h\1", depth) + "a\7";
}

const auto pid_body = "Xw\3a@h\0\0\0\1\0\0\0\2\0\0\0\3"s;
const auto ref_body = "Z\0\2w\3a@h\0\0\0\3\0\0\0\1\0\0\0\2"s;

/// The fun with number 1 and check sum 2 of module m, with the two free
/// variables 5 and {}. Its size, 58 bytes, counts itself.
const auto fun_body = "p\0\0\0\x3a\1"s + std::string(16, 'u')
                      + "\0\0\0\1\0\0\0\2w\1ma\1a\2"s + pid_body + "a\5h\0"s;

/// A term of every kind, and how it prints.
struct sample {
  std::string body;
  std::string text;
};

const std::vector<sample>& samples() {
  static const std::vector<sample> result{
    // integers
    {"a\xff"s, "255"},
    {"b\xff\xff\xff\xfb"s, "-5"},
    {"b\x7f\xff\xff\xff"s, "2147483647"},
    {"n\0\0"s, "0"},
    {"n\1\1\5"s, "-5"},
    {"n\x8\0\0\0\0\0\0\0\0\1"s, "72057594037927936"},
    {"n\xd\0\xd2\xa\x3f\x4e\xee\xe0\x73\xc3\xf6\xf\xe9\x8e\1"s,
     "123456789012345678901234567890"},
    {"o\0\0\0\2\1\0\1"s, "-256"},
    // floats
    {"F\x3f\xf0\0\0\0\0\0\0"s, "1.0"},
    {"F\x80\0\0\0\0\0\0\0"s, "-0.0"},
    {"F\x42\2\xa0\x5f\x20\0\0\0"s, "1.0e10"},
    {"F\x3f\xb9\x99\x99\x99\x99\x99\x9a"s, "0.1"},
    {"F\x3f\x50\x62\x4d\xd2\xf1\xa9\xfc"s, "0.001"},
    {"F\x3f\x20\x2c\x9d\xed\xbc\x30\x9d"s, "1.234e-4"},
    {"F\x41\x9d\x6f\x34\x54\0\0\0"s, "123456789.0"},
    {"F\x43\x40\0\0\0\0\0\0"s, "9.007199254740992e15"},
    {"F\x7f\xef\xff\xff\xff\xff\xff\xff"s, "1.7976931348623157e308"},
    {"F\0\0\0\0\0\0\0\1"s, "5.0e-324"},
    {"c-1.50000000000000000000e+00\0\0\0\0"s, "-1.5"},
    // atoms
    {"w\3foo"s, "foo"},
    {"w\0"s, "''"},
    {"w\3Foo"s, "'Foo'"},
    {"w\3rem"s, "'rem'"},
    {"w\4a_1@"s, "a_1@"},
    {"w\3a b"s, "'a b'"},
    {"w\5'\\\n\1\x7f"s, "'\\'\\\\\\n\\001\\d'"},
    {"w\2\xce\xbb"s, "'\xce\xbb'"},
    {"w\2\xc3\xb7"s, "'\xc3\xb7'"},
    {"w\3a\xc3\x97"s, "'a\xc3\x97'"},
    {"w\3\xc3\xbf"
     "A"s,
     "\xc3\xbf"
     "A"},
    {"v\0\3foo"s, "foo"},
    {"d\0\1\xe4"s, "\xc3\xa4"},
    {"s\1\xc4"s, "'\xc3\x84'"},
    // binaries
    {"m\0\0\0\0"s, "<<>>"},
    {"m\0\0\0\3abc"s, "<<\"abc\">>"},
    {"m\0\0\0\3\1\2\xff"s, "<<1,2,255>>"},
    {"m\0\0\0\3a\"\n"s, "<<\"a\\\"\\n\">>"},
    {"m\0\0\0\2\xc3\xa4"s, "<<\"\xc3\xa4\"/utf8>>"},
    {"m\0\0\0\1\xe4"s, "<<\"\xc3\xa4\">>"},
    {"M\0\0\0\2\3\1\x40"s, "<<1,2:3>>"},
    {"M\0\0\0\1\1\x80"s, "<<1:1>>"},
    {"M\0\0\0\1\x8z"s, "<<\"z\">>"},
    {"M\0\0\0\0\0"s, "<<>>"},
    // lists
    {"j"s, "[]"},
    {"k\0\0"s, "[]"},
    {"k\0\3abc"s, "\"abc\""},
    {"k\0\2\1\2"s, "[1,2]"},
    {"l\0\0\0\2w\1aw\1bj"s, "[a,b]"},
    {"l\0\0\0\2w\1aw\1bw\1c"s, "[a,b|c]"},
    {"l\0\0\0\1aaj"s, "\"a\""},
    {"l\0\0\0\1b\0\0\4\0j"s, "[1024]"},
    {"l\0\0\0\1aak\0\1b"s, "\"ab\""},
    {"l\0\0\0\1aal\0\0\0\1abj"s, "\"ab\""},
    {"l\0\0\0\1aaab"s, "[97|98]"},
    {"l\0\0\0\1w\1al\0\0\0\1w\1bk\0\1\1"s, "[a,b,1]"},
    {"l\0\0\0\0a\1"s, "1"},
    {"l\0\0\0\1w\1al\0\0\0\0j"s, "[a]"},
    // tuples and maps
    {"h\0"s, "{}"},
    {"h\2w\1ah\1k\0\1b"s, "{a,{\"b\"}}"},
    {"i\0\0\0\1a\1"s, "{1}"},
    {"t\0\0\0\0"s, "#{}"},
    {"t\0\0\0\2w\1aa\1m\0\0\0\1bj"s, "#{a => 1,<<\"b\">> => []}"},
    // identifiers and functions
    {pid_body, "<a@h.1.2>"},
    {"gw\3a@h\0\0\0\1\0\0\0\2\3"s, "<a@h.1.2>"},
    {ref_body, "#Ref<a@h.2.1>"},
    {"r\0\1w\3a@h\3\0\0\0\1"s, "#Ref<a@h.1>"},
    {"ew\3a@h\0\0\0\1\3"s, "#Ref<a@h.1>"},
    {"Yw\3a@h\0\0\0\1\0\0\0\3"s, "#Port<a@h.1>"},
    {"fw\3a@h\0\0\0\1\3"s, "#Port<a@h.1>"},
    {"xw\3a@h\0\0\0\1\0\0\0\0\0\0\0\3"s, "#Port<a@h.4294967296>"},
    {fun_body, "#Fun<m.1.2>"},
    {"qw\1mw\3F fa\3"s, "fun m:'F f'/3"},
  };
  return result;
}

} // namespace

TEST_CASE("external terms: every kind is accepted and printed as by Erlang") {
  for (const auto& x : samples()) {
    CAPTURE(x.text);
    CHECK(print(x.body) == x.text);
  }
}

TEST_CASE("external terms: no beginning of a term is a term") {
  for (const auto& x : samples()) {
    CAPTURE(x.text);
    auto bytes = term(x.body);
    for (size_t size = 0; size < bytes.size(); ++size)
      CHECK_FALSE(check_external_term(bytes.substr(0, size)));
    CHECK_FALSE(check_external_term(bytes + 'j'));
  }
}

TEST_CASE("external terms: the version byte is asked for") {
  CHECK(check_external_term("\x83j"));
  CHECK_FALSE(check_external_term("\x82j"));
  CHECK_FALSE(check_external_term("j"));
  CHECK_FALSE(check_external_term(""));
}

TEST_CASE("external terms: unknown tags, and tags without a meaning alone") {
  auto known = "FMXYZabcdefghijklmnopqrstvwx"s;
  for (auto tag = 0; tag < 256; ++tag) {
    auto c = static_cast<char>(tag);
    if (known.find(c) != std::string::npos)
      continue;
    CAPTURE(tag);
    CHECK_FALSE(accepted(std::string{c}));
    CHECK_FALSE(accepted(c + std::string(64, '\0')));
  }
  // compressed, atom cache reference, local term, old fun
  CHECK_FALSE(accepted("P\0\0\0\2x\x9c\xcb\4\0\0l\0k"s));
  CHECK_FALSE(accepted("R\0"s));
  CHECK_FALSE(accepted("y\0\0\0\0j"s));
  CHECK_FALSE(accepted("u\0\0\0\0"s + pid_body + "w\1ma\1a\2"s));
}

TEST_CASE("external terms: fields that cannot be what they claim") {
  auto refused = {
    // floats that are none
    "F\x7f\xf0\0\0\0\0\0\0"s,
    "F\x7f\xf8\0\0\0\0\0\1"s,
    "c"s + std::string(31, '\0'),
    "cinf"s + std::string(28, '\0'),
    "c1.0"s + std::string(27, '\0') + "x",
    // an atom of 256 characters; bad UTF-8
    "d\1\0"s + std::string(256, 'a'),
    "v\1\0"s + std::string(256, 'a'),
    "w\1\xff"s,
    "w\2\xc0\x80"s,
    "w\3\xe0\x9f\xbf"s,
    "w\4\xf0\x8f\xbf\xbf"s,
    "w\3\xed\xa0\x80"s,
    "w\4\xf4\x90\x80\x80"s,
    // bits that do not fit their bytes
    "M\0\0\0\1\0z"s,
    "M\0\0\0\1\x9z"s,
    "M\0\0\0\0\1"s,
    // a sign that is none
    "n\1\2\1"s,
    // identifiers whose node is no atom; references without or with too many
    // numbers
    "Xa\1\0\0\0\1\0\0\0\2\0\0\0\3"s,
    "Z\0\0w\3a@h\0\0\0\3"s,
    "Z\0\6w\3a@h\0\0\0\3"s + std::string(24, '\1'),
    // functions with other terms in the place of atoms and small integers
    "qa\1w\1fa\3"s,
    "qw\1mw\1fb\0\0\0\3"s,
  };
  for (const auto& body : refused)
    CHECK_FALSE(accepted(body));
  CHECK(accepted("d\0\xff"s + std::string(255, 'a')));
}

TEST_CASE("external terms: the size of a fun is exact") {
  for (auto size : {0x38, 0x39, 0x3b, 0x3c}) {
    auto body = fun_body;
    body[4] = static_cast<char>(size);
    CHECK_FALSE(accepted(body));
  }
  CHECK(accepted("h\2"s + fun_body + "j"));
  // The same without free variables.
  auto body = fun_body.substr(0, fun_body.size() - 4);
  body[29] = 0;
  body[4] = 0x36;
  CHECK(accepted(body));
  body[4] = 0x35;
  CHECK_FALSE(accepted(body));
}

TEST_CASE("external terms: counts beyond the end are refused") {
  for (auto tag : {'i', 'l', 't', 'm', 'o'})
    CHECK_FALSE(accepted(tag + "\xff\xff\xff\xff"s));
  CHECK_FALSE(accepted("l\xff\xff\xff\xff"s + std::string(1000, 'j')));
}

TEST_CASE("external terms: nesting is bounded") {
  CHECK(accepted(nested(max_term_depth)));
  CHECK_FALSE(accepted(nested(max_term_depth + 1)));
  CHECK_FALSE(accepted(nested(100000)));
}

TEST_CASE("external terms: what is too deep or too long gives way to dots") {
  CHECK(print(nested(31)) == repeat("{", 31) + "7" + repeat("}", 31));
  CHECK(print(nested(32)) == repeat("{", 32) + "..." + repeat("}", 32));
  CHECK(print("h\2"s + nested(40) + "w\1z")
        == repeat("{", 32) + "..." + repeat("}", 31) + ",z}");
  CHECK(print("i\0\1\0\0"s + repeat("a\7", 65536))
        == "{" + repeat("7,", 2047) + "7...");
  CHECK(print("m\0\0\x20\0"s + std::string(8192, 'x'))
        == "<<\"" + std::string(4093, 'x') + "...");
}

TEST_CASE("external terms: the dots do not cut a character in two") {
  CHECK(print("m\0\0\x20\0"s + repeat("\xc3\xa4", 4096))
        == "<<\"" + repeat("\xc3\xa4", 2046) + "...");
}

TEST_CASE("external terms: integers too long to print show their size") {
  auto big = "o\0\1\0\0\0"s + std::string(65536, '\1');
  CHECK(print(big) == "#Integer<65536 bytes>");
  CHECK(print("o\0\0\x8\0\0"s + std::string(2048, '\xff')).size() > 4096);
}

TEST_CASE("external terms: atoms by all of their tags") {
  CHECK(external_atom(term("d\0\1\xe4"s)) == "\xc3\xa4");
  CHECK(external_atom(term("s\1\xe4"s)) == "\xc3\xa4");
  CHECK(external_atom(term("v\0\2\xc3\xa4"s)) == "\xc3\xa4");
  CHECK(external_atom(term("w\2\xc3\xa4"s)) == "\xc3\xa4");
  CHECK(external_atom(term("w\0"s)) == "");
  CHECK(external_atom(term("k\0\1a"s)) == std::nullopt);
  CHECK(external_atom(term("h\1w\1a"s)) == std::nullopt);
}

TEST_CASE("external terms: binaries, but no bit strings") {
  CHECK(external_binary(term("m\0\0\0\2a\0"s)) == "a\0"sv);
  CHECK(external_binary(term("m\0\0\0\0"s)) == ""sv);
  CHECK(external_binary(term("M\0\0\0\1\x8z"s)) == "z"sv);
  CHECK(external_binary(term("M\0\0\0\0\0"s)) == ""sv);
  CHECK(external_binary(term("M\0\0\0\1\7z"s)) == std::nullopt);
  CHECK(external_binary(term("k\0\1a"s)) == std::nullopt);
}

TEST_CASE("external terms: mutated terms never harm") {
  std::mt19937_64 random{1};
  auto pick = [&random](size_t n) { return static_cast<size_t>(random() % n); };
  std::string all = "h"s + static_cast<char>(samples().size());
  for (const auto& x : samples())
    all += x.body;
  REQUIRE(accepted(all));
  size_t survivors = 0;
  for (auto round = 0; round < 20000; ++round) {
    const auto& body = samples()[pick(samples().size())].body;
    auto bytes = term("h\2");
    bytes += body;
    bytes += body;
    if (round % 8 == 0)
      bytes = term(all);
    for (auto i = pick(3) + 1; i > 0; --i)
      bytes[pick(bytes.size())] = static_cast<char>(random());
    if (!check_external_term(bytes))
      continue;
    ++survivors;
    external_atom(bytes);
    external_binary(bytes);
    CHECK(print_external_term(bytes).size() <= 4096 + 3);
  }
  CHECK(survivors > 1000);
}
