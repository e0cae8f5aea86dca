// External terms as exit reasons: the check decides alone, what passes it is
// kept, printed within bounds on one line, and read back where that is
// promised.

#include <vigil/exit_reason.hpp>
#include "messages/term/check.hpp"
#include "messages/term/printer.hpp"
#include "messages/term/reader.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/one_line.hpp"

#include <string>

namespace vigil::fuzz {

namespace {

/// Longest text of a term, and the ellipsis behind what was cut off.
constexpr size_t max_printed = 4096 + 3;

void check_term(const std::string& term) {
  check(!check_external_term(term + '\0'), "nothing follows a term");
  check(!check_external_term(std::string_view{term}.substr(0, term.size() - 1)),
        "a term has no term before its end");
  auto printed = print_external_term(term);
  check(printed.size() <= max_printed, "a printed term is short");
  check(is_one_line(printed), "a printed term is one line, in UTF-8");
  auto reason = exit_reason::from_external(term);
  check(reason.has_value(), "a term is a reason");
  auto atom = external_atom(term);
  check(atom.has_value() == reason->is_atom(), "an atom is an atom");
  check(reason->is_atom() || reason->external() == term,
        "a term is kept byte for byte");
  check(exit_reason::from_external(reason->external()) == reason,
        "the external form of a reason is that reason");
  auto text = to_string(*reason);
  check(is_one_line(text), "a printed reason is one line, in UTF-8");
  if (atom)
    check(parse_exit_reason(text) == reason, "an atom is read back");
  else if (auto binary = external_binary(term); binary && text.front() == '"')
    // A binary has two encodings; what is read back has the usual one.
    check(parse_exit_reason(text) == exit_reason::binary(*binary),
          "a text is read back");
  else
    check(text == printed, "another reason is printed as a term");
}

} // namespace

void run(std::string_view input) {
  std::string term{input};
  if (check_external_term(term))
    check_term(term);
  else
    check(!exit_reason::from_external(term), "what is no term is no reason");
}

} // namespace vigil::fuzz
