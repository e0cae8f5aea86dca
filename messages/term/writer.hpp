#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace vigil {

// What follows writes a whole external form, the version byte included.

/// Returns the external form of an atom, encoded as SMALL_ATOM_UTF8_EXT or
/// ATOM_UTF8_EXT.
/// @pre `is_atom_text(text)`
std::string encode_atom(std::string_view text);

/// Returns the size of what `encode_atom` returns for a text of this size.
constexpr size_t atom_size(size_t text_size) noexcept {
  return 2 + (text_size <= 0xff ? 1 : 2) + text_size;
}

/// Writes what `encode_atom` returns to `out`.
/// @pre `is_atom_text(text)`, and there is room for all of it
void write_atom(char* out, std::string_view text) noexcept;

/// How many bytes of a binary's external form precede its contents: version,
/// tag and size.
inline constexpr size_t binary_header_size = 6;

/// Returns the external form of a binary.
/// @pre `bytes` has less than 2^32 of them
std::string encode_binary(std::string_view bytes);

// Each of the following appends a part of one. The version byte comes first,
// and once.

void append_version(std::string& out);

/// Appends what stands before the elements of a tuple.
void append_tuple_head(std::string& out, uint8_t size);

/// Appends an atom.
/// @pre `is_atom_text(text)`
void append_atom(std::string& out, std::string_view text);

/// Appends a NEW_PID_EXT.
/// @pre `is_atom_text(node)`
void append_pid(std::string& out, std::string_view node, uint32_t number,
                uint32_t serial, uint32_t creation);

/// Appends a NEWER_REFERENCE_EXT with these words, lowest first.
/// @pre `is_atom_text(node)`, and there are 1 to 5 words
void append_reference(std::string& out, std::string_view node,
                      uint32_t creation, std::initializer_list<uint32_t> words);

} // namespace vigil
