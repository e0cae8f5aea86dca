// The reason with which a process ends, made from the error with which its
// actor ended.

#include <vigil/caf.hpp>
#include <vigil/exit_mapping.hpp>

#include <caf/all.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace vigil;

namespace {

std::string reason_of(const caf::error& x) {
  return to_string(exit_reason_of(x));
}

/// Returns the atoms that a category of CAF's own makes of all its codes,
/// unknown ones included; each must name something without a number in it.
void check_all_codes(const char* category, caf::atom_value name) {
  for (int code = 1; code < 256; ++code) {
    auto reason = exit_reason_of(caf::error{static_cast<uint8_t>(code), name});
    CAPTURE(category);
    CAPTURE(code);
    CHECK(reason.is_atom());
    auto text = std::string{reason.atom_text()};
    CHECK_FALSE(text.empty());
    CHECK(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_")
          == std::string::npos);
  }
}

} // namespace

TEST_CASE("an actor that ends without an error ends normally") {
  CHECK(reason_of({}) == "normal");
  CHECK(reason_of(caf::exit_reason::normal) == "normal");
}

TEST_CASE("the exit reasons with a counterpart in Erlang get its name") {
  CHECK(reason_of(caf::exit_reason::kill) == "killed");
  CHECK(reason_of(caf::exit_reason::user_shutdown) == "shutdown");
  CHECK(reason_of(caf::exit_reason::remote_link_unreachable) == "noconnection");
}

TEST_CASE("other errors of CAF become the atom that names them") {
  CHECK(reason_of(caf::exit_reason::unhandled_exception)
        == "unhandled_exception");
  CHECK(reason_of(caf::sec::request_timeout) == "request_timeout");
  CHECK(reason_of(caf::sec::connection_timeout) == "connection_timeout");
  CHECK(reason_of(caf::pec::unexpected_eof) == "unexpected_eof");
}

TEST_CASE("every code of CAF's categories becomes an atom without numbers") {
  check_all_codes("exit", caf::atom("exit"));
  check_all_codes("system", caf::atom("system"));
  check_all_codes("parser", caf::atom("parser"));
  check_all_codes("vigil", error_category);
}

TEST_CASE("an error of the program's own becomes the name of its category") {
  CHECK(reason_of(caf::error{7, caf::atom("database")}) == "database");
  CHECK(exit_reason_of(caf::error{7, caf::atom("")}).is_atom());
}

TEST_CASE("vigil's errors become the atoms that name them") {
  CHECK(reason_of(make_error(errc::reference_exhausted))
        == "reference_exhausted");
  CHECK(reason_of(make_error(error{errc::refused, "detail"})) == "refused");
}

TEST_CASE("what to_error makes of a reason is that reason again") {
  auto tuple = exit_reason::from_external(
    std::string{"\x83\x68\x02\x61\x01\x61\x02", 7});
  REQUIRE(tuple);
  for (const auto& x :
       {exit_reason::normal(), exit_reason::killed(), exit_reason::shutdown(),
        exit_reason::noproc(), exit_reason::noconnection(),
        *exit_reason::atom("Alles gut"), exit_reason::binary("bytes \xff"),
        *tuple}) {
    CAPTURE(to_string(x));
    CHECK(exit_reason_of(to_error(x)) == x);
    CHECK(exit_reason_of(to_error(x)).external() == x.external());
  }
  CHECK_FALSE(to_error(exit_reason::normal()));
  CHECK(to_error(exit_reason::killed()));
}

TEST_CASE("a forged or broken context still makes an atom") {
  constexpr auto category = caf::atom("vigilexit");
  CHECK(reason_of(caf::error{1, category}) == "unknown");
  CHECK(reason_of(caf::error{1, category, caf::make_message(5)}) == "unknown");
  CHECK(
    reason_of(caf::error{1, category, caf::make_message(std::string{"junk"})})
    == "unknown");
}
