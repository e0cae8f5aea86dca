#pragma once

#include <chrono>

namespace vigil {

/// Points in time, in nanoseconds. The core never reads a clock: time reaches
/// it as the `now` of an event.
using time_point = std::chrono::steady_clock::time_point;
/// Spans of time, in nanoseconds.
using timespan = std::chrono::nanoseconds;

} // namespace vigil
