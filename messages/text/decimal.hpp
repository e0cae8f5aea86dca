#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace vigil {

/// Reads a decimal number that fills `text`, without sign, blanks or leading
/// zeros, so that every number has exactly one text.
template <class Integer>
std::optional<Integer> parse_decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')
      || text.front() == '-')
    return std::nullopt;
  Integer value{};
  auto last = text.data() + text.size();
  auto [end, failure] = std::from_chars(text.data(), last, value);
  if (failure != std::errc{} || end != last)
    return std::nullopt;
  return value;
}

/// Removes `prefix` and `suffix` from the ends of `text`; nothing if they are
/// not there.
inline std::optional<std::string_view>
strip(std::string_view text, std::string_view prefix, std::string_view suffix) {
  if (text.size() < prefix.size() + suffix.size()
      || text.substr(0, prefix.size()) != prefix
      || text.substr(text.size() - suffix.size()) != suffix)
    return std::nullopt;
  text.remove_prefix(prefix.size());
  text.remove_suffix(suffix.size());
  return text;
}

} // namespace vigil
