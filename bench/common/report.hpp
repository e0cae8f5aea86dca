#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vigil::bench {

/// Prints `metric NAME VALUE UNIT`, as the driver for Erlang/OTP does.
void report(std::string_view name, double value, std::string_view unit);

/// Prints how many of `count` things were done in a second.
void report_rate(std::string_view name, size_t count, double seconds,
                 std::string_view unit);

/// Prints how many bytes a counter has grown for each of `count` things.
void report_each(std::string_view name, uint64_t before, uint64_t after,
                 size_t count);

} // namespace vigil::bench
