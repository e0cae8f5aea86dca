#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vigil::bench {

/// How many monitors each figure is taken with, as those of whole nodes are.
inline constexpr size_t num_monitors = 200'000;

/// How often each is taken.
inline constexpr size_t num_rounds = 5;

/// Gathers what each round has taken, and prints the medians.
class figures {
public:
  /// Adds what one round has taken for all monitors.
  void add(std::string_view name, std::string_view column,
           std::chrono::nanoseconds taken);

  /// Prints `metric core_NAME COLUMN VALUE ns` for each figure, in the order in
  /// which they came first.
  void print() const;

private:
  struct series {
    std::string name;
    std::string column;
    /// Nanoseconds for each monitor.
    std::vector<double> values;
  };

  std::vector<series> all_;
};

} // namespace vigil::bench
