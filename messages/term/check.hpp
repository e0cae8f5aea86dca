#pragma once

#include "messages/term/reader.hpp"

#include <cstddef>
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

/// Reads one term, its tag and everything in it included, within the same
/// bounds; fails if it is none.
void skip_term(term_reader& in);

} // namespace vigil
