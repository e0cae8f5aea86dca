#pragma once

#include "bench/cluster/settings.hpp"

namespace vigil::bench {

/// Does to vigil what `bench/otp/otp_monitor_bench.erl` does to Erlang/OTP, in
/// the same order, and prints each figure. Fails if an operation was not seen
/// to be complete at the target or a DOWN is not as expected.
void run_vigil_driver(const settings& what);

} // namespace vigil::bench
