#pragma once

#include "bench/common/bench_runtime.hpp"
#include "bench/common/far_side.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/common/watcher.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace vigil::bench {

/// Two connected nodes: one in this program, with one process that watches, and
/// one in another, with the processes that are watched.
///
/// Every member that waits fails the run if what it waits for does not happen
/// in time.
///
/// Thread-safety: none; used by the runtime's one thread.
class vigil_pair {
public:
  /// A relay between the nodes takes so long, there and back.
  using distance = std::optional<std::chrono::milliseconds>;

  /// Connects to a target with room for `capacity` processes, through a relay
  /// if there is a distance, be it zero. With `cancel_pairs`, monitors and
  /// demonitors that meet need not travel.
  explicit vigil_pair(size_t capacity, distance far = {},
                      bool cancel_pairs = false);

  /// Starts processes at the target.
  std::vector<pid> spawn(size_t count);

  /// Starts a monitor of the watcher on `object`.
  reference monitor(const pid& object) {
    return watcher_.monitor(object);
  }

  /// Ends a monitor that must be live.
  void demonitor(reference ref, bool flush) {
    watcher_.demonitor(ref, flush);
  }

  /// Ends all processes at the target. The command goes the distance, as one by
  /// a message would.
  void end_targets();

  /// Waits until the target has applied all that was asked of it.
  void sync();

  /// Fails the run unless the target has recorded `count` monitors.
  void expect_inbound(size_t count);

  /// Waits for a DOWN of each monitor that was started and not ended since the
  /// last time, all of them with `reason`, and for no other.
  void expect_downs(size_t count, const exit_reason& reason) {
    watcher_.expect_downs(count, reason);
  }

  /// How many control messages this node has sent.
  uint64_t sent();

  far_side& target() noexcept {
    return target_;
  }

  /// There is one only if the constructor was told a distance.
  far_side& relay() noexcept {
    return *relay_;
  }

private:
  bench_runtime host_;
  far_side target_;
  distance distance_;
  std::unique_ptr<far_side> relay_;
  std::unique_ptr<node> node_;
  runtime_front front_;
  watcher watcher_;
  node_name peer_;
  creation peer_life_{};
};

} // namespace vigil::bench
