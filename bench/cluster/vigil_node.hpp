#pragma once

#include "actors/node.hpp"
#include "messages/exit_reason.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace vigil::bench {

/// Starts a node that logs nothing, for the processes of `host`.
std::unique_ptr<node> start_node(std::string_view name, runtime& host,
                                 bool cancel_pairs = false);

/// Returns the counter `name` of a node.
uint64_t counter(runtime_front& front, std::string_view name);

/// With what the targets end: what the driver for Erlang/OTP uses.
exit_reason bench_done();

inline constexpr std::string_view target_name = "target@localhost";

inline constexpr std::string_view driver_name = "driver@localhost";

} // namespace vigil::bench
