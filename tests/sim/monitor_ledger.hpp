#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/down_cause.hpp>
#include <vigil/down_origin.hpp>
#include <vigil/errc.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>
#include "tests/sim/process_ledger.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vigil::sim {

/// What became of a monitor.
enum class monitor_end {
  open,
  /// The gate let a DOWN pass that is not delivered yet.
  claimed,
  down,
  demonitored,
  watcher_ended,
  /// It was never granted, or there was nothing to watch.
  retired,
};

/// One call of `monitor`.
struct monitor_fact {
  pid watcher;
  target object;
  reference ref{};
  /// When it was made.
  moment made = 0;
  time_point made_at;
  /// When the core took it; `never` if it still waits.
  moment taken = never;
  monitor_end end = monitor_end::open;
  /// The call has not returned: nobody knows the reference.
  bool calling = false;
  /// For a target of the watcher's own node, whether it was decided who it is
  /// when the call returned, and who that was.
  bool decided = false;
  std::optional<pid> seen;
  /// The target's node recorded it and has reported the target's end since.
  bool owed = false;
  /// The core has decided to retire it; until that is done a demonitor may win.
  bool retiring = false;

  /// Returns whether it has not ended, in the eyes of its watcher.
  bool pending() const noexcept {
    return end == monitor_end::open || end == monitor_end::claimed;
  }
};

/// Knows every monitor of one node's life and throws as soon as one ends twice,
/// for a reason that is not true, or out of order with the events of its node,
/// or says of itself where it comes from and that is not true.
class monitor_ledger {
public:
  explicit monitor_ledger(process_ledger& truth) : truth_(truth) {
    // nop
  }

  void made(reference ref, const pid& watcher, const target& object,
            time_point now);

  /// The call lasts until `returned`.
  void calls(reference ref);

  /// The call has returned while `seen` was what it had asked for, if that was
  /// a process of its own node.
  void returned(reference ref, const std::optional<pid>& seen);

  /// The core has taken the request.
  void taken(reference ref);

  /// A process asked to demonitor; `won` is what the gate answered.
  void demonitored(reference ref, const pid& watcher, bool won);

  void claimed(reference ref);

  void delivered(const pid& watcher, const down& message);

  /// The core wants it retired.
  void retiring(reference ref);

  /// It is retired.
  void retired(reference ref, bool stopping);

  void watcher_ended(const pid& watcher);

  /// The target's end was reported to its node while that had a record of the
  /// monitor.
  void owes(reference ref);

  // -- events of the node -----------------------------------------------------

  void node_up(node_name peer);
  /// Its DOWNs and its `node_down` are still to come.
  void link_lost(node_name peer);
  void node_down(node_name peer, down_cause cause, uint64_t loss);
  void connect_failed(node_name peer, errc why);

  bool is_up(node_name peer) const {
    auto i = peers_.find(peer);
    return i != peers_.end() && i->second.up;
  }

  /// Notes the losses of each node, of which `count` tells how many there are
  /// that have not been reported, also of attempts to reach it: what is asked
  /// of it from now on is not part of them.
  template <class F>
  void note_losses(F count) {
    for (auto& [name, x] : peers_)
      for (auto all = count(name); x.losses.size() < all;)
        x.losses.push_back(truth_.now());
  }

  /// Counts the sessions with `peer`.
  uint64_t epoch(node_name peer) const {
    auto i = peers_.find(peer);
    return i != peers_.end() ? i->second.epoch : 0;
  }

  // -- questions --------------------------------------------------------------

  const std::vector<monitor_fact>& facts() const noexcept {
    return facts_;
  }

  monitor_fact& fact(reference ref);

  size_t num_pending() const;

private:
  struct peer_fact {
    bool up = false;
    uint64_t epoch = 0;
    /// When its losses began that were not reported yet, those of attempts to
    /// reach it included.
    std::deque<moment> losses;
    /// The numbers of its links that were lost and not reported yet.
    std::deque<uint64_t> lost_links;
    /// Where the DOWNs come from of the loss that is reported next, that of an
    /// attempt included.
    std::optional<down_origin> origin;
  };

  [[noreturn]] static void fail(const monitor_fact& x, const std::string& what);

  /// Throws if a reason cannot be true; notes of which loss it is the first.
  void judge_reason(const monitor_fact& x, const exit_reason& reason);

  /// Throws if a DOWN does not come from where it says.
  void judge_origin(const monitor_fact& x, const down& message);

  /// A loss is reported whose DOWNs must have come from `origin`.
  void loss_ends(node_name peer, down_origin origin);

  process_ledger& truth_;
  std::vector<monitor_fact> facts_;
  std::map<node_name, peer_fact> peers_;
  /// How many links were lost.
  uint64_t num_lost_ = 0;
};

} // namespace vigil::sim
