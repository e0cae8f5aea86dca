#include "messages/term/text.hpp"

#include "messages/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace vigil {

namespace {

/// The words that are no atoms without quotes, sorted.
constexpr std::string_view reserved_words[]
  = {"after",  "and",     "andalso", "band", "begin", "bnot", "bor",
     "bsl",    "bsr",     "bxor",    "case", "catch", "cond", "div",
     "end",    "fun",     "if",      "let",  "not",   "of",   "or",
     "orelse", "receive", "rem",     "try",  "when",  "xor"};

bool is_lower(char32_t c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 0xdf && c <= 0xff && c != 0xf7);
}

bool is_name_char(char32_t c) noexcept {
  return is_lower(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
         || (c >= 0xc0 && c <= 0xde && c != 0xd7) || c == '_' || c == '@';
}

/// Returns the letter of the escape sequence for `c`, 0 if it has none.
char escape_letter(char32_t c) noexcept {
  switch (c) {
    case '\b':
      return 'b';
    case '\t':
      return 't';
    case '\n':
      return 'n';
    case '\v':
      return 'v';
    case '\f':
      return 'f';
    case '\r':
      return 'r';
    case 0x1b:
      return 'e';
    case 0x7f:
      return 'd';
    default:
      return 0;
  }
}

} // namespace

bool is_printable(char32_t c) noexcept {
  if (is_control(c))
    return escape_letter(c) != 0 && c != 0x7f;
  return c != 0xfffe && c != 0xffff;
}

bool needs_quotes(std::string_view text) noexcept {
  if (!is_lower(first_char(text).code)
      || std::binary_search(std::begin(reserved_words),
                            std::end(reserved_words), text))
    return true;
  while (!text.empty()) {
    auto next = first_char(text);
    if (!is_name_char(next.code))
      return true;
    text.remove_prefix(next.size);
  }
  return false;
}

bool is_utf8_text(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    auto next = first_char(bytes);
    if (next.size == 0 || !is_printable(next.code))
      return false;
    bytes.remove_prefix(next.size);
  }
  return true;
}

bool is_latin1_text(std::string_view bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) {
    return is_printable(static_cast<uint8_t>(byte));
  });
}

void append_escaped(std::string& out, std::string_view text, char mark) {
  while (!text.empty()) {
    auto next = first_char(text);
    if (auto letter = escape_letter(next.code)) {
      out += {'\\', letter};
    } else if (is_control(next.code)) {
      out += '\\';
      for (auto shift : {6, 3, 0})
        out += static_cast<char>('0' + ((next.code >> shift) & 7));
    } else {
      if (text.front() == mark || text.front() == '\\')
        out += '\\';
      out += text.substr(0, next.size);
    }
    text.remove_prefix(next.size);
  }
}

void append_quoted(std::string& out, std::string_view text, char mark) {
  out += mark;
  append_escaped(out, text, mark);
  out += mark;
}

} // namespace vigil
