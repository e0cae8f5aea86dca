#include <vigil/exit_reason.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

using namespace std::literals;
using namespace vigil;

namespace {

exit_reason atom(std::string_view text) {
  auto result = exit_reason::atom(text);
  REQUIRE(result.has_value());
  return *result;
}

exit_reason external(std::string_view bytes) {
  auto result = exit_reason::from_external(bytes);
  REQUIRE(result.has_value());
  return *result;
}

exit_reason parsed(std::string_view text) {
  auto result = parse_exit_reason(text);
  REQUIRE(result.has_value());
  return *result;
}

std::string repeat(std::string_view x, size_t n) {
  std::string result;
  for (size_t i = 0; i < n; ++i)
    result += x;
  return result;
}

} // namespace

TEST_CASE("exit reasons: the known ones, and normal by default") {
  CHECK(exit_reason{} == exit_reason::normal());
  CHECK(exit_reason::normal().atom_text() == "normal");
  CHECK(exit_reason::killed().atom_text() == "killed");
  CHECK(exit_reason::shutdown().atom_text() == "shutdown");
  CHECK(exit_reason::noproc().atom_text() == "noproc");
  CHECK(exit_reason::noconnection().atom_text() == "noconnection");
  CHECK(exit_reason::system_limit().atom_text() == "system_limit");
  CHECK(exit_reason::normal() != exit_reason::killed());
}

TEST_CASE("exit reasons: atoms") {
  CHECK(atom("killed") == exit_reason::killed());
  CHECK(atom("killed").is_atom());
  CHECK(exit_reason::atom("") == std::nullopt);
  CHECK(exit_reason::atom("\xff") == std::nullopt);
  CHECK(exit_reason::atom(std::string(255, 'a')).has_value());
  CHECK(exit_reason::atom(std::string(256, 'a')) == std::nullopt);
  auto longest = repeat("\xf0\x9d\x84\x9e", 255);
  CHECK(atom(longest).atom_text().size() == exit_reason::max_atom_size);
  CHECK(exit_reason::atom(longest + "a") == std::nullopt);
}

TEST_CASE("exit reasons: atoms have one external form") {
  CHECK(atom("foo").external() == "\x83w\3foo"s);
  CHECK(atom(repeat("\xc3\xa4", 127) + "b").external().substr(0, 3)
        == "\x83w\xff"s);
  CHECK(atom(repeat("\xc3\xa4", 128)).external().substr(0, 4) == "\x83v\1\0"s);
}

TEST_CASE("exit reasons: an encoded atom equals that atom, by every tag") {
  for (const auto& bytes : {"\x83w\3foo"s, "\x83v\0\3foo"s, "\x83s\3foo"s,
                            "\x83"
                            "d\0\3foo"s}) {
    CHECK(external(bytes) == atom("foo"));
    CHECK(external(bytes).external() == "\x83w\3foo"s);
  }
  CHECK(external("\x83s\1\xe4"s) == atom("\xc3\xa4"));
  CHECK(external("\x83w\0"s).is_atom());
  CHECK(external("\x83w\0"s).external() == "\x83w\0"s);
}

TEST_CASE("exit reasons: other terms are kept byte for byte") {
  auto bytes = "\x83h\2w\1aa\1"s;
  auto reason = external(bytes);
  CHECK_FALSE(reason.is_atom());
  CHECK(reason.atom_text() == "");
  CHECK(reason.external() == bytes);
  CHECK(reason == external(bytes));
  CHECK(reason != external("\x83h\2w\1aa\2"s));
  // An atom is not the term whose external form is the atom's text.
  CHECK(external("\x83j") != external("\x83k\0\1j"s));
}

TEST_CASE("exit reasons: malformed terms are none") {
  CHECK(exit_reason::from_external("") == std::nullopt);
  CHECK(exit_reason::from_external("\x83") == std::nullopt);
  CHECK(exit_reason::from_external("\x83h\2w\1a"s) == std::nullopt);
  CHECK(exit_reason::from_external("\x83jj") == std::nullopt);
}

TEST_CASE("exit reasons: a term that is too large becomes system_limit") {
  std::string fits(exit_reason::max_size - 6, 'x');
  auto reason = exit_reason::binary(fits);
  CHECK_FALSE(reason.is_atom());
  auto bytes = reason.external();
  CHECK(bytes.size() == exit_reason::max_size);
  CHECK(external(bytes) == reason);
  CHECK(exit_reason::binary(fits + 'x') == exit_reason::system_limit());
  // Without a look at what it is: this is no term at all.
  CHECK(external(bytes + 'x') == exit_reason::system_limit());
}

TEST_CASE(
  "exit reasons: copies share, and outlive what they were copied from") {
  auto x = exit_reason::binary("text");
  auto y = x;
  CHECK(x == y);
  auto z = std::move(x);
  x = exit_reason::killed();
  CHECK(z == y);
  CHECK(x == exit_reason::killed());
}

TEST_CASE("exit reasons: an atom is the same on both sides of what fits") {
  static_assert(sizeof(exit_reason) == 16);
  constexpr auto most = exit_reason::max_inline_size;
  for (auto size : {size_t{1}, most - 1, most, most + 1, most + 2}) {
    CAPTURE(size);
    std::string text(size, 'a');
    auto x = atom(text);
    CHECK(x.is_atom());
    CHECK(x.atom_text() == text);
    CHECK(x.external() == "\x83w"s + static_cast<char>(size) + text);
    CHECK(external(x.external()) == x);
    CHECK(x == atom(text));
    CHECK(x != atom(text + 'a'));
    CHECK(x != atom(std::string(size - 1, 'a') + 'b'));
    CHECK(x != exit_reason::binary(text));
  }
}

TEST_CASE("exit reasons: an atom of few characters and many bytes") {
  auto fits = repeat("\xf0\x9d\x84\x9e", 3) + "\xe2\x82\xac";
  CHECK(fits.size() == exit_reason::max_inline_size);
  CHECK(atom(fits).atom_text() == fits);
  auto larger = repeat("\xf0\x9d\x84\x9e", 4);
  CHECK(atom(larger).atom_text() == larger);
  CHECK(atom(larger) != atom(fits));
}

TEST_CASE("exit reasons: the external form can be looked at without a copy") {
  const exit_reason all[]
    = {exit_reason::killed(),
       external("\x83w\0"s),
       atom("fifteen_letters"),
       atom("sixteen__letters"),
       atom(repeat("\xc3\xa4", 255)),
       exit_reason::binary("text"),
       exit_reason::binary(std::string(exit_reason::max_size - 6, 'x'))};
  for (const auto& reason : all) {
    CAPTURE(reason.external_size());
    auto view = reason.external_view();
    CHECK(view.size() == reason.external_size());
    CHECK(std::string_view{view} == reason.external());
    CHECK(view.data() == std::string_view{view}.data());
  }
}

TEST_CASE(
  "exit reasons: a view of a term shows the store of all copies, one of "
  "a short atom holds its bytes") {
  auto term = exit_reason::binary("text");
  auto copy = term;
  auto of_term = term.external_view();
  CHECK(copy.external_view().size() == of_term.size());
  auto of_copy = copy.external_view();
  CHECK(of_term.data() == of_copy.data());
  term = exit_reason::normal();
  CHECK(std::string_view{of_term} == "\x83m\0\0\0\4text"s);

  auto short_atom = exit_reason::killed();
  auto of_atom = short_atom.external_view();
  auto second = of_atom;
  short_atom = exit_reason::normal();
  CHECK(std::string_view{of_atom} == "\x83w\6killed"s);
  of_atom = of_term;
  CHECK(std::string_view{second} == "\x83w\6killed"s);
}

TEST_CASE("exit reasons: what would be gone at once cannot be looked at") {
  static_assert(std::is_convertible_v<const external_bytes&, std::string_view>);
  static_assert(!std::is_convertible_v<external_bytes, std::string_view>);
  static_assert(!std::is_convertible_v<const external_bytes, std::string_view>);
  static_assert(std::is_trivially_copyable_v<external_bytes>);
  static_assert(sizeof(external_bytes) <= 2 * sizeof(void*) + 24);
}

TEST_CASE("exit reasons: zeros in an atom count") {
  CHECK(atom("a\0"s) != atom("a"));
  CHECK(atom("a\0"s).atom_text() == "a\0"s);
  CHECK(external("\x83w\0"s) != atom("\0"s));
  CHECK(external("\x83w\0"s).atom_text() == "");
}

TEST_CASE("exit reasons: any can be assigned to any, and to itself") {
  const exit_reason all[] = {exit_reason::killed(), atom("bench_done"),
                             atom(std::string(16, 'x')),
                             exit_reason::binary("text"), external("\x83w\0"s)};
  for (const auto& from : all)
    for (const auto& to : all) {
      auto copied = to;
      copied = from;
      CHECK(copied == from);
      auto moved = to;
      auto source = from;
      moved = std::move(source);
      CHECK(moved == from);
      source = to;
      CHECK(source == to);
    }
  for (const auto& reason : all) {
    // Shared with nobody: the assignment must not end what it assigns.
    auto own = external(reason.external());
    const auto& same = own;
    own = same;
    CHECK(own == reason);
  }
}

TEST_CASE("exit reasons: one that was moved from can be assigned to") {
  for (const auto& reason : {atom("short"), atom(std::string(100, 'x'))}) {
    auto x = reason;
    auto y = std::move(x);
    x = reason;
    CHECK(x == y);
    auto z = std::move(x);
    x = std::move(z);
    z = exit_reason::noproc();
    CHECK(x == reason);
    CHECK(z == exit_reason::noproc());
  }
}

TEST_CASE("threads: copies of one reason are made and dropped on several") {
  for (auto round = 0; round < 100; ++round) {
    auto first = std::make_unique<exit_reason>(exit_reason::binary("shared"));
    auto second = *first;
    auto use = [](const exit_reason& x) {
      for (auto i = 0; i < 100; ++i) {
        exit_reason copy;
        copy = x;
        if (copy.external().size() != 12)
          std::abort();
      }
    };
    std::thread other{[&use, own = std::move(first)]() mutable {
      use(*own);
      own.reset();
    }};
    use(second);
    second = exit_reason::normal();
    other.join();
  }
}

TEST_CASE("exit reasons: atoms and texts print, and are read back") {
  auto check = [](const exit_reason& reason, std::string_view text) {
    CAPTURE(text);
    CHECK(to_string(reason) == text);
    CHECK(parsed(text) == reason);
  };
  check(exit_reason::normal(), "normal");
  check(atom("Elixir.MyError"), "Elixir.MyError");
  check(atom("no more milk"), "no more milk");
  check(atom("\xc3\xa4\xce\xbb"), "\xc3\xa4\xce\xbb");
  check(atom("-x"), "-x");
  check(atom("-"), "-");
  check(atom("a\"'b"), "a\"'b");
  check(atom("back\\slash"), "back\\slash");
  check(atom("funny"), "funny");
  check(atom("{a}"), "'{a}'");
  check(atom("[a]"), "'[a]'");
  check(atom("<0.1.2>"), "'<0.1.2>'");
  check(atom("#Ref<1>"), "'#Ref<1>'");
  check(atom("\"x\""), "'\"x\"'");
  check(atom("'x'"), "'\\'x\\''");
  check(atom("1"), "'1'");
  check(atom("-1"), "'-1'");
  check(atom("fun m:f/1"), "'fun m:f/1'");
  check(atom(" a"), "' a'");
  check(atom("a "), "'a '");
  check(atom("a\nb\\"), "'a\\nb\\\\'");
  check(atom("\1\x7f\xc2\x85"s), "'\\001\\d\\205'");
  check(atom("\b\t\v\f\r\x1b"), "'\\b\\t\\v\\f\\r\\e'");
  check(external("\x83w\0"s), "''");
  check(exit_reason::binary(""), "\"\"");
  check(exit_reason::binary("disk full"), "\"disk full\"");
  check(exit_reason::binary("a\"b\\c\nd'"), "\"a\\\"b\\\\c\\nd'\"");
  check(exit_reason::binary("\xc3\xa4"), "\"\xc3\xa4\"");
  std::string page(10000, 'x');
  check(exit_reason::binary(page), "\"" + page + "\"");
}

TEST_CASE("exit reasons: an atom is escaped alike alone and within a term") {
  auto alone = atom("a\x1f"
                    "b");
  CHECK(to_string(alone) == "'a\\037b'");
  CHECK(to_string(external("\x83h\1w\3a\x1f"
                           "b"s))
        == "{'a\\037b'}");
  CHECK(parsed("'a\\037b'") == alone);
  CHECK(parsed("'a\\x{1f}b'") == alone);
}

TEST_CASE("exit reasons: other terms print as Erlang prints them") {
  CHECK(to_string(exit_reason::binary("\xff\1"s)) == "<<255,1>>");
  CHECK(to_string(exit_reason::binary("\ta"s)) == "<<\"\\ta\">>");
  CHECK(to_string(exit_reason::binary("\xc2\x85"s)) == "<<194,133>>");
  CHECK(to_string(external("\x83h\2w\3Foom\0\0\0\1x"s)) == "{'Foo',<<\"x\">>}");
  CHECK(to_string(external("\x83k\0\2hi"s)) == "\"hi\"");
  CHECK(to_string(external("\x83"
                           "a\1"s))
        == "1");
}

TEST_CASE("exit reasons: texts that are no atom and no text are refused") {
  for (auto text :
       {// neither quoted nor a bare atom
        ""s, " "s, " a"s, "a "s, "a\tb"s, "a\n"s, "a\0"s, "\xff"s, "a\xc3"s,
        "\xc2\x85"s, "1"s, "-1"s, "{a}"s, "[]"s, "<<>>"s, "#{}"s, "fun m:f/1"s,
        std::string(256, 'a'),
        // texts
        "\""s, "\"a"s, "\"a\"b"s, "\"a\" "s, "\"a\"b\""s, "\"\\\""s, "\"\\t\""s,
        "\"\\'\""s, "\"\\x{1}\""s, "\"a\nb\""s, "\"\x7f\""s, "\"\xff\""s,
        "\"\xc2\x80\""s,
        // atoms in quotes
        "'"s, "'a"s, "'a'b'"s, "'\\'"s, "'\\\"'"s, "'\n'"s, "'\xff'"s, "'\\x'"s,
        "'\\x{}'"s, "'\\x{g}'"s, "'\\x{d800}'"s, "'\\x{110000}'"s, "'\\x{1'"s,
        "'\\x{ffffffffff}'"s, "'\\1'"s, "'\\01'"s, "'\\018'"s, "'\\s'"s, "'\\"s,
        "'" + std::string(256, 'a') + "'"}) {
    CAPTURE(text);
    CHECK(parse_exit_reason(text) == std::nullopt);
  }
}

TEST_CASE("exit reasons: texts may be escaped more than needed") {
  CHECK(parsed("'normal'") == exit_reason::normal());
  CHECK(parsed("'\\x{6E}ormal'") == exit_reason::normal());
  CHECK(parsed("'\\156ormal'") == exit_reason::normal());
  CHECK(parsed("\"\\x{6E}\\156\"") == exit_reason::binary("nn"));
}

TEST_CASE("exit reasons: a text that is too large becomes system_limit") {
  CHECK(parsed("\"" + std::string(exit_reason::max_size, 'x') + "\"")
        == exit_reason::system_limit());
}
