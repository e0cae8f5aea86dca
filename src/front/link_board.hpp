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

  /// Notes that those links are down of which `is_up(peer)` says so; asked
  /// under the lock.
  template <class IsUp>
  void retain(const IsUp& is_up) {
    std::lock_guard guard{mutex_};
    for (auto i = peers_.begin(); i != peers_.end();) {
      auto next = i;
      ++next;
      if (!is_up(i->first))
        remove(i);
      i = next;
    }
  }

  /// Does for each link what `set_full` does, with what `is_full(peer)` says;
  /// asked under the lock.
  template <class IsFull>
  void update(const IsFull& is_full) {
    std::lock_guard guard{mutex_};
    for (auto& [peer, full] : peers_)
      change(full, is_full(peer));
  }

  /// Notes whether what waits for `peer` has reached its bound. Does nothing
  /// for a peer that is not up.
  void set_full(node_name peer, bool full);

  bool is_up(node_name peer) const;

  bool is_full(node_name peer) const;

private:
  /// The nodes that are up, and whether they are full.
  using table = absl::flat_hash_map<node_name, bool>;

  void remove(table::iterator i);

  void change(bool& full, bool x);

  mutable std::mutex mutex_;
  table peers_;
  /// How many of them are full, to answer the usual question without a lock.
  std::atomic<size_t> num_full_{0};
};

} // namespace vigil
