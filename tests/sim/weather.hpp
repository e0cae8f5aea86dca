#pragma once

#include <vigil/core/time_point.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace vigil::sim {

/// What stands between the nodes: which directions are cut, how reliable dials
/// and connections are, and when anything last went wrong between two of them.
/// Nodes are known by their place.
class weather {
public:
  explicit weather(size_t num_nodes)
    : size_(num_nodes),
      cut_(num_nodes * num_nodes, false),
      disturbed_(num_nodes * num_nodes),
      requested_(num_nodes * num_nodes) {
    // nop
  }

  bool is_cut(size_t from, size_t to) const {
    return cut_[from * size_ + to];
  }

  void set_cut(size_t from, size_t to, bool value) {
    cut_[from * size_ + to] = value;
  }

  bool any_cut() const {
    return std::find(cut_.begin(), cut_.end(), true) != cut_.end();
  }

  /// Notes that something went wrong between two nodes, or was asked for, that
  /// can end their session or keep them from having one.
  void disturb(size_t x, size_t y, time_point now) {
    disturbed_[x * size_ + y] = now;
    disturbed_[y * size_ + x] = now;
  }

  /// The same, between one node and all others.
  void disturb(size_t x, time_point now) {
    for (size_t y = 0; y < size_; ++y)
      disturb(x, y, now);
  }

  /// Returns when something last went wrong between two nodes.
  time_point disturbed(size_t x, size_t y) const {
    return disturbed_[x * size_ + y];
  }

  /// Notes that a node was asked to stop, which ends its sessions in good
  /// order.
  void request(size_t x, time_point now) {
    for (size_t y = 0; y < size_; ++y) {
      requested_[x * size_ + y] = now;
      requested_[y * size_ + x] = now;
    }
  }

  time_point requested(size_t x, size_t y) const {
    return requested_[x * size_ + y];
  }

  // -- in a thousand ----------------------------------------------------------

  unsigned dial_refused = 0;
  unsigned dial_closed = 0;
  unsigned dial_lost = 0;
  unsigned dial_slow = 0;
  unsigned closed_at_once = 0;
  /// Whether a second socket between two nodes takes over at once.
  unsigned takeover = 0;
  unsigned hiccup = 0;

  // -- for the whole run ------------------------------------------------------

  /// All sockets between two nodes are one connection, as with CAF.
  bool collapse = false;
  timespan latency{};

private:
  size_t size_;
  std::vector<bool> cut_;
  std::vector<time_point> disturbed_;
  std::vector<time_point> requested_;
};

} // namespace vigil::sim
