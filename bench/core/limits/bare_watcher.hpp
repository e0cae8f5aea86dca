#pragma once

#include "bench/core/limits/bare_mailbox.hpp"
#include "bench/core/limits/bare_monitor.hpp"
#include "bench/core/limits/figures.hpp"
#include "bench/core/limits/number_stream.hpp"

#include <chrono>
#include <cstdint>
#include <string_view>

namespace vigil::bench {

/// The watcher's side of a bare program, which takes the figures.
class bare_watcher {
public:
  /// Adds what it takes to `out`; both outlive it.
  bare_watcher(number_stream& peer, figures& out) : peer_(peer), out_(out) {
    // nop
  }

  /// One round; throws a `failure` if something is not as it must be.
  void run();

private:
  void set_up();

  void demonitor();

  /// Takes the exits of all targets; another thread has all messages then.
  void take_exits();

  /// Ends all monitors when the connection ends; likewise.
  void take_loss();

  /// Runs `work` while another thread waits for the message of each monitor.
  template <class Work>
  void deliver_all(std::string_view name, const Work& work);

  /// Reads the messages of all monitors. Returns how long that took.
  std::chrono::nanoseconds read_all();

  /// Adds what `work` takes this thread, its socket and by the clock on the
  /// wall.
  template <class Work>
  void take(std::string_view name, const Work& work);

  /// Waits for the target to be done, and adds what it says.
  void add_target(std::string_view name);

  number_stream& peer_;
  figures& out_;
  bare_table monitors_;
  bare_mailbox inbox_;
  /// The first of the numbers that are there, and the next new one.
  uint32_t first_ = 0;
  uint32_t next_ = 0;
};

} // namespace vigil::bench
