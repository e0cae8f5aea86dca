#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace vigil::bench {

/// Times the work of which a figure is made, and lets `perf` record while it
/// runs if this is the figure to be profiled.
///
/// Thread-safety: none.
class stopwatch {
public:
  /// Profiles nothing.
  stopwatch() = default;

  /// Profiles `figure` with a `perf record` that was started with `--delay=-1
  /// --control=fifo:CONTROL,ACK`.
  stopwatch(std::string figure, std::string control, std::string ack);

  /// Returns how many seconds `work` took.
  template <class Work>
  double time(std::string_view figure, Work work) const {
    using clock = std::chrono::steady_clock;
    auto profiled = !figure_.empty() && figure == figure_;
    if (profiled)
      tell_perf("enable\n");
    auto start = clock::now();
    work();
    std::chrono::duration<double> taken = clock::now() - start;
    if (profiled)
      tell_perf("disable\n");
    return taken.count();
  }

private:
  void tell_perf(std::string_view command) const;

  std::string figure_;
  std::string control_;
  std::string ack_;
};

} // namespace vigil::bench
