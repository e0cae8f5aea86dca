#pragma once

#include "bench/core/limits/down_check.hpp"
#include "bench/core/limits/figures.hpp"
#include "bench/core/limits/joined_node.hpp"

#include <cstddef>
#include <deque>

namespace vigil::bench {

/// A thousand node cores that never did anything before watch the processes of
/// one node, each as many, and lose it. Where `joined_round` shows what many
/// monitors of one node cost, this shows what the first of each node cost.
class joined_crowd {
public:
  /// Adds its figure to `out`, which outlives it.
  explicit joined_crowd(figures& out);

  /// Throws a `failure` if something did not happen as it must.
  void run();

private:
  static constexpr size_t num_watchers = 1'000;

  static constexpr size_t monitors_each = num_monitors / num_watchers;

  /// One of them, and the node as it knows it.
  struct pair {
    pair(size_t number, down_check& downs);

    joined_node watcher;
    joined_node target;
  };

  void set_up(pair& x);

  void lose(pair& x);

  figures& out_;
  down_check downs_;
  /// Joined nodes do not move.
  std::deque<pair> pairs_;
};

} // namespace vigil::bench
