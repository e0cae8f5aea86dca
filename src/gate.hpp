#pragma once

#include "messages/pid.hpp"
#include "messages/reference.hpp"

#include "absl/container/flat_hash_map.h"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace vigil {

/// Decides for each reference whether its monitor ends by DOWN or by demonitor:
/// whoever takes it first wins. So a caller's thread can demonitor without
/// asking the control plane, and no DOWN follows.
///
/// A DOWN passes in two steps, `claim` before and `settle` after its delivery,
/// because demonitor may return only when no delivery is under way any more.
///
/// Thread-safety: all members may be called from any thread.
class gate {
public:
  /// Admits a new reference; `watcher` is the only process that may demonitor.
  /// @pre `ref` was never admitted before
  void open(reference ref, const pid& watcher);

  /// What `close` found.
  enum class closing {
    /// A live monitor of this watcher: no DOWN was or will be delivered.
    won,
    /// Nothing that this watcher may end, or a DOWN was delivered before.
    lost,
  };

  /// Ends the monitor from the side of demonitor. Waits for a delivery that is
  /// under way, unless `may_wait` is false: a call from within the delivery
  /// itself must not wait for it.
  closing close(reference ref, const pid& watcher, bool may_wait = true);

  /// Ends the monitor from the side of DOWN: returns whether the DOWN may be
  /// delivered. If so, `settle` must follow the delivery.
  bool claim(reference ref);

  /// Says that the DOWN that was claimed has been delivered.
  void settle(reference ref);

  /// Ends a monitor that neither a DOWN nor a demonitor ends: the watcher has
  /// ended, or it was never granted.
  void forget(reference ref);

  /// Returns how many references are open or being delivered.
  size_t size() const;

private:
  /// The number and serial of a watcher; all watchers belong to one life of one
  /// node.
  static uint64_t key_of(const pid& watcher) noexcept;

  struct entry {
    uint64_t watcher;
    bool delivering;
  };

  struct shard {
    mutable std::mutex mutex;
    std::condition_variable settled;
    absl::flat_hash_map<uint64_t, entry> entries;
  };

  static constexpr size_t num_shards = 16;

  shard& shard_of(reference ref) noexcept;

  std::array<shard, num_shards> shards_;
};

} // namespace vigil
