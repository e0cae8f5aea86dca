#pragma once

#include "bench/far/far_relay.hpp"

#include <cstdint>

namespace vigil::bench {

/// Is a distance to the program that listens on `target_port` until standard
/// input ends. Prints `ready PORT` first, and answers each of the lines
/// `flight_out` and `flight_back` by the most bytes that were on their way at a
/// time; the next line may come after the answer.
void run_relay(uint16_t target_port, far_relay::clock::duration one_way);

} // namespace vigil::bench
