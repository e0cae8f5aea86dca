#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vigil {

/// Returns the external form of an atom, version byte included, encoded as
/// SMALL_ATOM_UTF8_EXT or ATOM_UTF8_EXT.
/// @pre `is_atom_text(text)`
std::string encode_atom(std::string_view text);

/// Returns the size of what `encode_atom` returns for a text of this size.
constexpr size_t atom_size(size_t text_size) noexcept {
  return 2 + (text_size <= 0xff ? 1 : 2) + text_size;
}

/// How many bytes of a binary's external form precede its contents: version,
/// tag and size.
inline constexpr size_t binary_header_size = 6;

/// Returns the external form of a binary, version byte included.
/// @pre `bytes` has less than 2^32 of them
std::string encode_binary(std::string_view bytes);

} // namespace vigil
