#pragma once

#include "messages/text/utf8.hpp"

#include <string_view>

namespace vigil::fuzz {

/// Returns whether `text` is UTF-8 without control characters, so that it can
/// be shown to people and be one line of output.
inline bool is_one_line(std::string_view text) noexcept {
  while (!text.empty()) {
    auto next = first_char(text);
    if (next.size == 0 || is_control(next.code))
      return false;
    text.remove_prefix(next.size);
  }
  return true;
}

} // namespace vigil::fuzz
