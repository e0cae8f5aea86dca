#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vigil {

/// A character at the start of a text: its code point, and how many bytes of
/// the text it takes. A size of 0 says that no character starts there.
struct utf8_char {
  char32_t code = 0;
  size_t size = 0;
};

/// Reads the first character of `text`; its size is 0 if `text` is empty or
/// does not start with well-formed UTF-8 (RFC 3629: nothing overlong, no
/// surrogates).
utf8_char first_char(std::string_view text) noexcept;

/// Counts the characters of `text`; nothing if it is not UTF-8.
std::optional<size_t> count_chars(std::string_view text) noexcept;

/// Appends one character.
/// @pre `is_char(code)`
void append_char(std::string& text, char32_t code);

/// Returns whether `code` can be encoded: a code point that is no surrogate.
constexpr bool is_char(char32_t code) noexcept {
  return code < 0xd800 || (code >= 0xe000 && code <= 0x10ffff);
}

/// Returns whether `code` is one of the control characters C0, DEL and C1.
constexpr bool is_control(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

} // namespace vigil
