#pragma once

#include <vigil/core/time_point.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

namespace vigil::testkit {

/// What stands between the nodes: which directions are cut, how long messages
/// take, how reliable dials and connections are, and when anything last went
/// wrong between two of them. Nodes are known by their place.
class sky {
public:
  explicit sky(size_t num_nodes) {
    resize(num_nodes);
  }

  /// Makes room for more nodes; what stands between the others stays.
  void resize(size_t num_nodes) {
    std::vector<pair_state> pairs(num_nodes * num_nodes);
    for (size_t x = 0; x < size_; ++x)
      for (size_t y = 0; y < size_; ++y)
        pairs[x * num_nodes + y] = pairs_[x * size_ + y];
    pairs_ = std::move(pairs);
    size_ = num_nodes;
  }

  bool is_cut(size_t from, size_t to) const {
    return at(from, to).cut;
  }

  void set_cut(size_t from, size_t to, bool value) {
    at(from, to).cut = value;
  }

  bool any_cut() const {
    return std::any_of(pairs_.begin(), pairs_.end(),
                       [](const pair_state& x) { return x.cut; });
  }

  /// By how much messages take longer in this direction.
  timespan delay(size_t from, size_t to) const {
    return at(from, to).delay;
  }

  void set_delay(size_t from, size_t to, timespan x) {
    at(from, to).delay = x;
  }

  /// Notes that something went wrong between two nodes, or was asked for, that
  /// can end their session or keep them from having one.
  void disturb(size_t x, size_t y, time_point now) {
    at(x, y).disturbed = at(y, x).disturbed = now;
  }

  /// The same, between one node and all others.
  void disturb(size_t x, time_point now) {
    for (size_t y = 0; y < size_; ++y)
      disturb(x, y, now);
  }

  /// Returns when something last went wrong between two nodes.
  time_point disturbed(size_t x, size_t y) const {
    return at(x, y).disturbed;
  }

  /// Notes that a node was asked to stop, which ends its sessions in good
  /// order.
  void request(size_t x, time_point now) {
    for (size_t y = 0; y < size_; ++y)
      at(x, y).requested = at(y, x).requested = now;
  }

  time_point requested(size_t x, size_t y) const {
    return at(x, y).requested;
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
  /// Messages with which their socket is reset.
  unsigned reset = 0;
  /// Messages that get lost without a word, although their socket lives on.
  unsigned lost = 0;
  /// Messages that reach a socket after its end and open a connection, which is
  /// gone at once.
  unsigned late = 100;
  /// Sockets that lose what they have not sent when they are closed.
  unsigned unsent = 100;

  // -- for the whole run ------------------------------------------------------

  /// All sockets between two nodes are one connection, as with CAF.
  bool collapse = false;
  /// Who hangs up one connection closes all others between the same two nodes,
  /// as CAF can make it.
  bool greedy_hang_up = false;
  /// A goodbye of a node that stops overtakes what it has sent before.
  bool goodbye_overtakes = false;
  /// The shortest that a message takes.
  timespan min_latency{};
  /// The longest, if nothing holds it up.
  timespan latency{};
  /// The shortest that a dial takes.
  timespan min_dial{std::chrono::microseconds{50}};
  /// The longest that hanging up takes.
  timespan hang_up{std::chrono::milliseconds{1}};

  /// Leaves nothing to chance of what is not asked for, and lets nothing take
  /// time: everything arrives once, in the order in which it was sent. For who
  /// makes the weather by hand.
  void be_still() {
    min_latency = latency = min_dial = hang_up = {};
    late = unsent = 0;
  }

private:
  struct pair_state {
    bool cut = false;
    timespan delay{};
    time_point disturbed;
    time_point requested;
  };

  pair_state& at(size_t from, size_t to) {
    return pairs_[from * size_ + to];
  }

  const pair_state& at(size_t from, size_t to) const {
    return pairs_[from * size_ + to];
  }

  size_t size_ = 0;
  std::vector<pair_state> pairs_;
};

} // namespace vigil::testkit
