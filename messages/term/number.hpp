#pragma once

#include <string>
#include <string_view>

namespace vigil {

/// Prints an integer in decimal. `bytes` are its digits to the base 256, lowest
/// first. Takes a time that grows with the square of their number.
std::string integer_to_text(std::string_view bytes, bool negative);

/// Prints a float as Erlang does: with the fewest digits that read back as the
/// same float, and with an exponent where that is shorter.
/// @pre `x` is finite
std::string float_to_text(double x);

} // namespace vigil
