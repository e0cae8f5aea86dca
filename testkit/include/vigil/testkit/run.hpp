#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/testkit/weather.hpp>

#include <chrono>
#include <cstdint>
#include <functional>

namespace vigil::testkit {

class cluster;

/// How often, and in what surroundings, a test is run.
struct run_options {
  /// The first seed, and how many follow each other. The environment variable
  /// `VIGIL_SEEDS` sets how many in place of this.
  /// @{
  uint64_t first = 1;
  uint64_t seeds = 1;
  /// @}
  /// How long a message takes from one node to another.
  /// @{
  timespan min_latency = std::chrono::microseconds{50};
  timespan max_latency = std::chrono::milliseconds{1};
  /// @}
  /// What goes wrong without the test's doing.
  weather faults{};
  /// Returns whether the test framework has noted a failure, for frameworks
  /// that do not throw, as GoogleTest's `HasFailure`. Asked after each seed.
  std::function<bool()> failed{};
};

/// Runs `body` once for each seed, each time with a cluster that has no node
/// yet, and checks the ledger of that cluster, also while the body runs.
/// Nothing of the program's runs once the body has returned, but destructors:
/// what processes and callbacks refer to may be the body's.
///
/// What is found, by the ledger or because the body throws, is said with its
/// seed, the virtual time, and what happened last: the seed is run a second
/// time for that. `failure` is thrown then, or what the body has thrown, in
/// which case the seed is said on standard error. No further seed is run.
///
/// With the environment variable `VIGIL_SEED` set to a number, that one is run,
/// whatever the options say, and all that happens is printed to standard error.
///
/// Not to be called from within a body. Throws `failure` for a seed that is no
/// number.
void run(const std::function<void(cluster&)>& body,
         const run_options& options = {});

} // namespace vigil::testkit
