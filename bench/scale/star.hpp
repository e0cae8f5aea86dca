#pragma once

#include <vigil/pid.hpp>
#include "bench/common/watcher.hpp"
#include "bench/scale/local_node.hpp"
#include "bench/scale/peer_group.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vigil::bench {

/// One node in the middle, in this program, with a session with each of its
/// peers, and one process there that watches.
///
/// Thread-safety: none.
class star {
public:
  /// Starts the node in the middle, with room for `here` processes beside the
  /// one that watches; does not connect yet.
  star(peer_group& peers, size_t here);

  /// Makes the sessions, and lets each carry one monitor to its end.
  void connect();

  /// Starts `each` processes at every peer; returns one of each peer, another
  /// of each peer, and so on.
  std::vector<pid> spawn_there(size_t each);

  /// Ends the processes that were started last, at all peers at once.
  void end_there();

  /// Waits until every peer has applied what was asked of it.
  void sync();

  /// Fails the run unless the peers have recorded `count` monitors together.
  void expect_there(size_t count);

  /// Fails the run unless the node in the middle has recorded `count`.
  void expect_here(size_t count);

  watcher& watching() noexcept {
    return watcher_;
  }

  local_node& middle() noexcept {
    return middle_;
  }

  peer_group& peers() noexcept {
    return peers_;
  }

private:
  peer_group& peers_;
  local_node middle_;
  watcher watcher_;
  std::vector<uint32_t> first_;
  size_t each_ = 0;
};

} // namespace vigil::bench
