#pragma once

namespace vigil {

/// Returns whether `c` may stand in the name of a process, or in that of a node
/// before the `@`: an ASCII letter or digit, `_` or `-`.
constexpr bool is_name_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

} // namespace vigil
