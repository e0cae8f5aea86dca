#pragma once

#include <vigil/errc.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/node.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace vigil::bench {

/// Starts a node that logs nothing, for the processes of `runtime`.
std::unique_ptr<node> start_node(std::string_view name, vigil::runtime& runtime,
                                 bool cancel_pairs = false);

/// Starts one in an actor system that it shares with others.
std::unique_ptr<node> attach_node(caf::actor_system& system,
                                  std::string_view name,
                                  vigil::runtime& runtime);

/// Returns the counter `name` of a node.
uint64_t counter(runtime_front& front, std::string_view name);

/// With what the targets end: what the driver for Erlang/OTP uses.
exit_reason bench_done();

/// Fails the run unless `outcome` is success.
void check(errc outcome);

/// How long a run waits for what should happen before it fails, as the driver
/// for Erlang/OTP does.
inline constexpr std::chrono::seconds patience{30};

} // namespace vigil::bench
