#pragma once

#include <string_view>

namespace vigil::bench {

inline constexpr std::string_view target_name = "target@localhost";

inline constexpr std::string_view driver_name = "driver@localhost";

} // namespace vigil::bench
