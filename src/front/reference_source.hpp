#pragma once

#include <vigil/reference.hpp>
#include <vigil/result.hpp>

#include <atomic>

namespace vigil {

/// Hands out the references of one node's life, each once.
///
/// Thread-safety: all members may be called from any thread.
class reference_source {
public:
  /// Starts at `next`, which tests set close to the end.
  explicit reference_source(reference next = first_reference) noexcept;

  /// Returns a reference that was never returned before, or
  /// `reference_exhausted` once `last_reference` is spent.
  result<reference> next() noexcept;

private:
  std::atomic<uint64_t> next_;
};

} // namespace vigil
