#pragma once

#include "tests/soak/process.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace vigil::soak {

/// Between which nodes something is or was the matter, so that their link may
/// be lost. A fault is an excuse while it lasts and for some time after.
///
/// Thread-safety: none.
class disturbances {
public:
  disturbances(size_t nodes, std::chrono::milliseconds aftermath);

  /// A fault between two nodes begins. Faults may overlap.
  void begin(size_t a, size_t b);

  /// One of the faults between two nodes is over.
  void end(size_t a, size_t b, time_point now);

  /// A fault at a node touches its links to all others.
  void begin(size_t node);

  void end(size_t node, time_point now);

  /// Something of no length has happened to all links.
  void strike(time_point now);

  /// Returns whether the loss of a link has an excuse.
  bool disturbed(size_t a, size_t b, time_point now) const;

  /// Returns since when it has none; the end of time if it has one.
  time_point calm_since(size_t a, size_t b, time_point now) const;

  /// Returns how many of the links have none.
  size_t calm_links(time_point now) const;

  size_t links() const noexcept {
    return nodes_ * (nodes_ - 1) / 2;
  }

private:
  struct link {
    size_t faults = 0;
    time_point excused_until{};
  };

  link& at(size_t a, size_t b);
  const link& at(size_t a, size_t b) const;

  size_t nodes_;
  std::chrono::milliseconds aftermath_;
  std::vector<link> links_;
};

} // namespace vigil::soak
