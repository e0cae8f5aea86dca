#pragma once

#include <vigil/pid.hpp>
#include "bench/common/far_side.hpp"
#include "bench/common/watcher.hpp"
#include "bench/scale/local_node.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <thread>
#include <vector>

namespace vigil::bench {

/// Monitors, demonitors and DOWNs between a node and one of its peers, as fast
/// as they go, from a thread of the node's runtime.
///
/// Thread-safety: none; while it runs, nobody else may use the peer's pipe or
/// start processes of the node.
class storm {
public:
  /// How many processes a peer must have room for.
  static constexpr size_t capacity = 8'000'000;

  /// Takes `batch_size` monitors at a time.
  storm(local_node& self, const remote_node& peer, far_side& side,
        size_t batch_size);

  ~storm();

  storm(const storm&) = delete;

  storm& operator=(const storm&) = delete;

  /// Starts to blow.
  void start();

  /// Ends it once all DOWNs are there; fails if one is not as it must be.
  /// Returns how many monitors, demonitors and DOWNs there were.
  uint64_t stop();

private:
  /// Processes, each monitored ten times, that end when the next are there.
  struct batch {
    watcher watching;
    uint32_t first = 0;
    bool pending = false;
  };

  void run();

  void begin(batch& x);

  void end(batch& x);

  void expect_downs(batch& x);

  local_node& self_;
  remote_node peer_;
  far_side& side_;
  size_t batch_size_;
  std::array<batch, 2> batches_;
  std::vector<reference> refs_;
  std::atomic<bool> stopped_{false};
  uint64_t operations_ = 0;
  std::exception_ptr failure_;
  std::thread thread_;
};

} // namespace vigil::bench
