#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vigil {

// The texts of atoms and strings, as Erlang writes them.

/// Most characters in an atom.
inline constexpr size_t max_atom_chars = 255;

/// Returns whether `text` can be the text of an atom: UTF-8, of no more
/// characters than an atom has.
bool is_atom_text(std::string_view text) noexcept;

/// Returns whether `c` can be part of what Erlang takes for a text.
bool is_printable(char32_t c) noexcept;

/// Returns whether `bytes` is UTF-8 and printable.
bool is_utf8_text(std::string_view bytes) noexcept;

/// Returns whether `bytes` is printable when each byte is a character.
bool is_latin1_text(std::string_view bytes) noexcept;

/// Returns whether the atom of this text is written in quotes.
/// @pre `text` is UTF-8
bool needs_quotes(std::string_view text) noexcept;

/// Appends `text` with Erlang's escape sequences for control characters, for
/// backslashes and for `mark`.
/// @pre `text` is UTF-8
void append_escaped(std::string& out, std::string_view text, char mark);

/// Appends `text` likewise, between two `mark`s.
/// @pre `text` is UTF-8
void append_quoted(std::string& out, std::string_view text, char mark);

/// Returns the text in UTF-8 for which `text` stands, which begins and ends
/// with `mark`: reads what `append_quoted` writes, and also `\x{1F}`, a
/// character by its code. Nothing if a `mark` or a control character within is
/// not escaped, or if an escape is none of these.
std::optional<std::string> unquote(std::string_view text, char mark);

} // namespace vigil
