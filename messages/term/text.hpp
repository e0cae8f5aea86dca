#pragma once

#include <string>
#include <string_view>

namespace vigil {

// How Erlang writes the texts within terms.

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

} // namespace vigil
