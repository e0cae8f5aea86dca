#pragma once

#include "tests/cluster/cluster.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

namespace vigil::test {

/// Measures how long nodes take for something, and how long they, and this
/// program, had to wait for a processor meanwhile: on a busy machine a bound is
/// longer by that.
class fair_stopwatch {
public:
  using clock = node_client::clock;

  /// Starts.
  explicit fair_stopwatch(std::vector<test_node*> nodes);

  clock::time_point start() const noexcept {
    return start_;
  }

  /// Requires that what happened at `end` took no longer than `limit`, and
  /// writes down how long it took.
  void check_within(const std::string& what, clock::duration limit,
                    clock::time_point end = clock::now()) const;

private:
  /// How long all threads have waited for a processor so far.
  std::chrono::nanoseconds waited() const;

  std::vector<test_node*> nodes_;
  std::chrono::nanoseconds waited_before_;
  clock::time_point start_;
};

} // namespace vigil::test

/// What a failed assertion says of a time.
template <class Rep, class Period>
struct doctest::StringMaker<std::chrono::duration<Rep, Period>> {
  static String convert(std::chrono::duration<Rep, Period> x) {
    using milliseconds = std::chrono::duration<double, std::milli>;
    return toString(milliseconds{x}.count()) + " ms";
  }
};
