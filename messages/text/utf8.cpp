#include "messages/text/utf8.hpp"

#include <cassert>
#include <cstdint>

namespace vigil {

namespace {

/// Returns how long a character is that starts with `lead`, 0 if none can.
constexpr size_t size_of_char(uint8_t lead) noexcept {
  if (lead < 0x80)
    return 1;
  if (lead < 0xc2 || lead > 0xf4)
    return 0;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

} // namespace

utf8_char first_char(std::string_view text) noexcept {
  if (text.empty())
    return {};
  auto lead = static_cast<uint8_t>(text.front());
  auto size = size_of_char(lead);
  if (size <= 1)
    return {lead, size};
  if (text.size() < size)
    return {};
  char32_t code = lead & (0x7fU >> size);
  for (size_t i = 1; i < size; ++i) {
    auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xc0) != 0x80)
      return {};
    code = (code << 6) | (byte & 0x3fU);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[size] || !is_char(code))
    return {};
  return {code, size};
}

std::optional<size_t> count_chars(std::string_view text) noexcept {
  size_t result = 0;
  while (!text.empty()) {
    auto size = first_char(text).size;
    if (size == 0)
      return std::nullopt;
    text.remove_prefix(size);
    ++result;
  }
  return result;
}

void append_char(std::string& text, char32_t code) {
  assert(is_char(code));
  if (code < 0x80) {
    text += static_cast<char>(code);
    return;
  }
  auto size = code < 0x800 ? 2U : code < 0x10000 ? 3U : 4U;
  auto marker = (0xf00U >> size) & 0xffU;
  auto shift = 6 * (size - 1);
  text += static_cast<char>(marker | (code >> shift));
  while (shift > 0) {
    shift -= 6;
    text += static_cast<char>(0x80U | ((code >> shift) & 0x3fU));
  }
}

} // namespace vigil
