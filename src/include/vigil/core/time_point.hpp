#pragma once

#include <chrono>

namespace vigil {

/// Points in time and spans, in nanoseconds. The core never reads a clock: time
/// reaches it as the `now` of an event.
using time_point = std::chrono::steady_clock::time_point;
using timespan = std::chrono::nanoseconds;

} // namespace vigil
