// The texts of exit reasons: what is quoted is unquoted to the same reason, and
// what a peer says in a farewell is made fit to be shown.

#include <vigil/exit_reason.hpp>
#include "messages/session_message.hpp"
#include "messages/text/utf8.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/one_line.hpp"

#include <string>

namespace vigil::fuzz {

namespace {

void check_read_back(const exit_reason& x) {
  auto text = to_string(x);
  check(is_one_line(text), "a reason is printed on one line, in UTF-8");
  check(parse_exit_reason(text) == x, "what is printed is read back");
}

void check_characters(std::string_view text) {
  std::string again;
  size_t count = 0;
  for (auto rest = text; !rest.empty(); ++count) {
    auto next = first_char(rest);
    if (next.size == 0)
      return check(!count_chars(text), "what is no character is not counted");
    check(is_char(next.code), "a character can be encoded");
    append_char(again, next.code);
    rest.remove_prefix(next.size);
  }
  check(again == text, "a character has one encoding");
  check(count_chars(text) == count, "every character is counted");
}

} // namespace

void run(std::string_view input) {
  check_characters(input);
  if (auto x = parse_exit_reason(input))
    check_read_back(*x);
  if (auto x = exit_reason::atom(input)) {
    check(x->atom_text() == input, "an atom keeps its text");
    check_read_back(*x);
  }
  auto binary = exit_reason::binary(input);
  if (auto text = to_string(binary); text.front() == '"')
    check_read_back(binary);
  else
    check(is_one_line(text), "a binary is printed on one line, in UTF-8");
  farewell said;
  if (!input.empty()) {
    said.cause = static_cast<down_cause>(input.front());
    said.failure = static_cast<errc>(input.back());
  }
  said.detail = input;
  auto shown = tidied(said);
  check(valid(shown.cause) && valid(shown.failure), "a farewell has a cause");
  check(shown.detail.size() <= farewell::max_detail
          && is_one_line(shown.detail),
        "a farewell has a short detail on one line");
  check(tidied(shown).detail == shown.detail, "a tidied farewell is tidy");
}

} // namespace vigil::fuzz
