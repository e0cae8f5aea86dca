#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace vigil {

/// How deep the terms that vigil accepts may nest.
inline constexpr size_t max_term_depth = 1024;

/// Returns whether `bytes` is the version byte 131 followed by exactly one
/// well-formed term of Erlang's external format. The check reads each byte at
/// most once, does not recurse, and refuses terms nested deeper than
/// `max_term_depth`. What means nothing by itself is refused: compressed terms
/// (tag 80), atom cache references (82), local terms (121); so are the funs of
/// old releases (117), which Erlang itself refuses. Whether the keys of a map
/// differ is not checked.
/// @see Erlang/OTP, "External Term Format"
bool check_external_term(std::string_view bytes);

/// Returns the UTF-8 text of the atom that `bytes` encodes (Latin-1 atoms are
/// converted); nothing if it is another term.
/// @pre `check_external_term(bytes)`
std::optional<std::string> external_atom(std::string_view bytes);

/// Returns the contents of the binary that `bytes` encodes; nothing if it is
/// another term.
/// @pre `check_external_term(bytes)`
std::optional<std::string_view> external_binary(std::string_view bytes);

/// Prints a term on one line as Erlang's `io:format("~0tp")` does, in UTF-8:
/// lists of printable Latin-1 characters as texts, binaries of printable
/// characters as `<<"abc">>` or `<<"ä"/utf8>>`, atoms in quotes where Erlang
/// needs them. Pids, ports and references show the name of their node:
/// `<alive@host.1.2>`. Terms below 32 levels, and everything beyond 4,096 bytes
/// of text, give way to `...`; an integer of more than 2,048 bytes to its size.
/// @pre `check_external_term(bytes)`
std::string print_external_term(std::string_view bytes);

} // namespace vigil
