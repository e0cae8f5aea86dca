#pragma once

#include <vigil/node_name.hpp>

#include "absl/container/flat_hash_map.h"

#include <atomic>
#include <cstddef>
#include <mutex>

namespace vigil {

/// What callers' threads may know of the links without asking the control
/// plane: which nodes are up, and for which too much waits already. The control
/// plane publishes; a caller reads what was true a moment ago.
///
/// Thread-safety: all members may be called from any thread.
class link_board {
public:
  /// Notes that the link to `peer` is up.
  void up(node_name peer);

  /// Notes that the link to `peer` is down; nothing waits for it any more.
  void down(node_name peer);

  /// Notes whether what waits for `peer` has reached its bound. Does nothing
  /// for a peer that is not up.
  void set_full(node_name peer, bool full);

  bool is_up(node_name peer) const;

  bool is_full(node_name peer) const;

private:
  mutable std::mutex mutex_;
  /// The nodes that are up, and whether they are full.
  absl::flat_hash_map<node_name, bool> peers_;
  /// How many of them are full, to answer the usual question without a lock.
  std::atomic<size_t> num_full_{0};
};

} // namespace vigil
