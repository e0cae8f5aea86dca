#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>

#include <atomic>
#include <cstdint>

namespace vigil {

/// Hands out the pids of one node's life, each once. The first number is drawn
/// at random by whoever makes the source, so that pids of two lives differ even
/// if their creations happen to be equal.
///
/// Thread-safety: all members may be called from any thread.
class pid_source {
public:
  pid_source(node_name self, creation life, uint32_t first_number) noexcept
    : self_(self),
      life_(life),
      next_(first_number) {
    // nop
  }

  /// Returns a pid that was never returned before, for 2^64 calls. The number
  /// 0.0, which is no process, is skipped.
  pid next() noexcept {
    auto value = next_.fetch_add(1, std::memory_order_relaxed);
    if (value == 0)
      value = next_.fetch_add(1, std::memory_order_relaxed);
    return make_pid(self_, life_, value);
  }

private:
  node_name self_;
  creation life_;
  std::atomic<uint64_t> next_;
};

} // namespace vigil
