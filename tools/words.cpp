#include "tools/words.hpp"

#include "messages/text/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace vigil {

namespace {

constexpr std::string_view blanks = " \t";

/// How many bytes of a text are shown.
constexpr size_t max_shown = 64;

} // namespace

std::string_view trim(std::string_view text) noexcept {
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view next_word(std::string_view& text) noexcept {
  auto word = text.substr(0, text.find_first_of(blanks));
  auto next = text.find_first_not_of(blanks, word.size());
  text.remove_prefix(std::min(next, text.size()));
  return word;
}

std::string show(std::string_view text) {
  auto end = std::min(text.size(), max_shown);
  // A character is not cut in half.
  while (end < text.size() && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80)
    ++end;
  auto result = '\'' + on_one_line(text.substr(0, end));
  result += end < text.size() ? "...'" : "'";
  return result;
}

std::string on_one_line(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto next = first_char(text);
    auto size = std::max<size_t>(next.size, 1);
    if (next.size == 0 || is_control(next.code))
      result += '?';
    else
      result += text.substr(0, size);
    text.remove_prefix(size);
  }
  return result;
}

} // namespace vigil
