#pragma once

#include "bench/common/far_side.hpp"
#include "bench/scale/local_node.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace vigil::bench {

/// The peers, each an operating-system process of its own. They end with it,
/// however it ends.
///
/// Thread-safety: none.
class peer_group {
public:
  /// Starts `count` peers, each with room for `capacity` processes, and waits
  /// until all are ready.
  peer_group(size_t count, size_t capacity);

  size_t size() const noexcept {
    return sides_.size();
  }

  far_side& side(size_t index) {
    return *sides_[index];
  }

  const remote_node& where(size_t index) const {
    return where_[index];
  }

  /// Sends a line to each.
  void tell(const std::string& line);

  /// Waits for an answer of each; returns the sum.
  uint64_t answers();

  /// Kills all of them at once.
  void kill();

  /// Returns one sentence about the peers that have ended although nobody
  /// killed them; empty if there are none.
  std::string losses();

private:
  std::vector<std::unique_ptr<far_side>> sides_;
  std::vector<remote_node> where_;
  bool killed_ = false;
};

} // namespace vigil::bench
