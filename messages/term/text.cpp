#include "messages/term/text.hpp"

#include "messages/text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <system_error>

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

/// A control character that is written as a backslash and a letter.
struct letter_escape {
  char letter;
  char32_t code;
};

constexpr letter_escape letter_escapes[]
  = {{'b', '\b'}, {'t', '\t'}, {'n', '\n'}, {'v', '\v'},
     {'f', '\f'}, {'r', '\r'}, {'e', 0x1b}, {'d', 0x7f}};

/// Other control characters are written as so many octal digits.
constexpr size_t num_octal_digits = 3;

/// Returns the letter of the escape sequence for `c`, 0 if it has none.
char escape_letter(char32_t c) noexcept {
  for (const auto& x : letter_escapes)
    if (x.code == c)
      return x.letter;
  return 0;
}

void append_octal(std::string& out, char32_t c) {
  for (auto left = num_octal_digits; left > 0; --left)
    out += static_cast<char>('0' + ((c >> (3 * (left - 1))) & 7));
}

/// Reads the number that `digits` are, all of them.
std::optional<char32_t> read_code(std::string_view digits, int base) {
  uint32_t code = 0;
  auto last = digits.data() + digits.size();
  auto [end, failure] = std::from_chars(digits.data(), last, code, base);
  if (failure != std::errc{} || end != last || !is_char(code))
    return std::nullopt;
  return code;
}

/// Reads what follows the backslash of `\x{1F}` and removes it from `rest`.
std::optional<char32_t> read_hex_escape(std::string_view& rest) {
  auto close = rest.find('}');
  if (rest.substr(0, 2) != "x{" || close == std::string_view::npos)
    return std::nullopt;
  auto code = read_code(rest.substr(2, close - 2), 16);
  rest.remove_prefix(close + 1);
  return code;
}

/// Reads what follows the backslash of `\037` and removes it from `rest`.
std::optional<char32_t> read_octal_escape(std::string_view& rest) {
  if (rest.size() < num_octal_digits)
    return std::nullopt;
  auto code = read_code(rest.substr(0, num_octal_digits), 8);
  rest.remove_prefix(num_octal_digits);
  return code;
}

/// Reads what follows a backslash and removes it from `rest`.
std::optional<char32_t> read_escape(std::string_view& rest, char mark) {
  if (rest.empty())
    return std::nullopt;
  auto first = rest.front();
  if (first == 'x')
    return read_hex_escape(rest);
  if (first >= '0' && first <= '7')
    return read_octal_escape(rest);
  rest.remove_prefix(1);
  if (first == mark || first == '\\')
    return static_cast<char32_t>(first);
  for (const auto& x : letter_escapes)
    if (x.letter == first)
      return x.code;
  return std::nullopt;
}

} // namespace

bool is_atom_text(std::string_view text) noexcept {
  auto chars = count_chars(text);
  return chars && *chars <= max_atom_chars;
}

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
      append_octal(out, next.code);
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

std::optional<std::string> unquote(std::string_view text, char mark) {
  if (text.size() < 2 || text.front() != mark || text.back() != mark)
    return std::nullopt;
  std::string result;
  for (auto rest = text.substr(1, text.size() - 2); !rest.empty();) {
    auto next = first_char(rest);
    if (next.size == 0 || is_control(next.code) || rest.front() == mark)
      return std::nullopt;
    rest.remove_prefix(next.size);
    if (next.code == '\\') {
      auto escaped = read_escape(rest, mark);
      if (!escaped)
        return std::nullopt;
      next.code = *escaped;
    }
    append_char(result, next.code);
  }
  return result;
}

} // namespace vigil
