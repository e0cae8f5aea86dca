#pragma once

#include <string>
#include <string_view>

namespace vigil {

// Splitting lines into words, and showing them to people.

/// Returns `text` without blanks (spaces and tabs) at its ends.
std::string_view trim(std::string_view text) noexcept;

/// Removes the first word and the blanks behind it from `text` and returns the
/// word; empty at the end.
/// @pre `text` does not start with a blank
std::string_view next_word(std::string_view& text) noexcept;

/// Returns `text` in single quotes, without what would disturb a line of output
/// and cut short if it is long.
std::string show(std::string_view text);

/// Returns `text` with a question mark in place of each control character and
/// of each byte that is no UTF-8: part of an error may come from a peer.
std::string on_one_line(std::string_view text);

} // namespace vigil
