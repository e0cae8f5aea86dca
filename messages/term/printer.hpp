#pragma once

#include <string>
#include <string_view>

namespace vigil {

/// Prints a term on one line as Erlang's `io:format("~0tp")` does, in UTF-8:
/// lists of printable Latin-1 characters as texts, binaries of printable
/// characters as `<<"abc">>` or `<<"ä"/utf8>>`, atoms in quotes where Erlang
/// needs them. Pids, ports and references show the name of their node:
/// `<alive@host.1.2>`. Terms below 32 levels, and everything beyond 4,096 bytes
/// of text, give way to `...`; an integer of more than 2,048 bytes to its size.
/// @pre `check_external_term(bytes)`
std::string print_external_term(std::string_view bytes);

} // namespace vigil
