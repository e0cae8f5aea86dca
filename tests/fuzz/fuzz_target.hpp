#pragma once

#include <string_view>

namespace vigil::fuzz {

/// Decodes one input and checks what must hold of it; each target defines it.
/// Must depend on nothing but `input`, so that every finding can be replayed.
void run(std::string_view input);

/// Ends the program, for the fuzzer to see, unless `holds`; `what` is the
/// sentence that is not true.
void check(bool holds, std::string_view what);

} // namespace vigil::fuzz
