#pragma once

#include <string_view>

namespace vigil::bench {

/// Prints `metric NAME VALUE UNIT`, as the driver for Erlang/OTP does.
void report(std::string_view name, double value, std::string_view unit);

} // namespace vigil::bench
