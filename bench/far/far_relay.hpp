#pragma once

#include "bench/far/far_lane.hpp"
#include "tools/descriptor.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <poll.h>
#include <vector>

namespace vigil::bench {

/// A distance to a program of this machine: whoever connects to the relay talks
/// to that program, and what either says takes its time. Bandwidth has no limit
/// but the machine's, and nothing is lost.
///
/// Thread-safety: none; one thread does all the work, in `run`.
class far_relay {
public:
  using clock = far_lane::clock;

  /// The directions: from those who connect, and to them.
  enum way : size_t { out, back };

  /// Listens on a port of its own for callers of the program that listens on
  /// `target_port`. Throws `std::system_error` if it cannot.
  far_relay(uint16_t target_port, clock::duration one_way);

  uint16_t port() const noexcept {
    return port_;
  }

  /// Passes on what is said until `control` can be read.
  void run(int control);

  /// The most bytes of one connection that were on their way at a time.
  size_t most_on_the_way(way direction) const noexcept {
    return most_held_[direction];
  }

private:
  /// A caller's connection and the one to the target.
  struct connection {
    connection(descriptor from, descriptor to, clock::duration one_way);

    descriptor caller;
    descriptor target;
    std::array<far_lane, 2> lanes;
    std::array<bool, 2> finished{};
    bool broken = false;

    bool over() const noexcept {
      return broken || (finished[out] && finished[back]);
    }
  };

  /// What a descriptor that is polled is for; they have the same order.
  struct purpose {
    connection* owner;
    size_t direction;
    bool reading;
  };

  /// Notes what to wait for, and waits for it or for the next bytes that are
  /// due.
  void wait(int control);

  void accept();

  void serve(const purpose& x);

  uint16_t target_port_;
  clock::duration one_way_;
  descriptor listener_;
  uint16_t port_ = 0;
  std::list<connection> connections_;
  std::vector<pollfd> fds_;
  std::vector<purpose> purposes_;
  std::array<size_t, 2> most_held_{};
};

} // namespace vigil::bench
