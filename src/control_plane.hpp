#pragma once

#include "messages/creation.hpp"
#include "messages/node_name.hpp"
#include "src/control_limits.hpp"
#include "src/effect.hpp"
#include "src/event.hpp"
#include "src/monitor_table.hpp"
#include "src/process_view.hpp"

#include "absl/container/flat_hash_map.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace vigil {

/// What a control plane has counted since its start. All values but the first
/// two only grow.
struct control_counters {
  /// Control messages sent and received, by any opcode.
  uint64_t sent = 0;
  uint64_t received = 0;
  /// DOWNs emitted, by reason: the target's own, `noproc`, `noconnection`.
  uint64_t downs_exit = 0;
  uint64_t downs_noproc = 0;
  uint64_t downs_noconnection = 0;
  /// Monitors taken back by their watchers.
  uint64_t demonitors = 0;
  /// DEMONITOR_P and MONITOR_P_EXIT that crossed the end of their monitor.
  uint64_t crossings = 0;
  /// MONITOR_P that arrived a second time.
  uint64_t repeats = 0;
  /// Messages that a peer had no right to send.
  uint64_t violations = 0;
};

/// Decides what becomes of monitors: of the requests of local processes, of
/// their exits, of the control messages of other nodes, and of links that come
/// and go. Knows links only as up or down; how they are made is the business of
/// a transport.
///
/// Monitors for a node without a link are recorded at once and sent when the
/// link is up, in the order in which they were made; so nothing waits in a
/// queue beside the table. When a link is lost, or a process with many watchers
/// has ended, their monitors end in slices, a step each, so that what else
/// happens is not kept waiting; until its DOWN is emitted a monitor is live.
///
/// Thread-safety: none; owned by one control plane actor.
class control_plane {
public:
  using effects = std::vector<control_effect>;

  /// @pre `self` is a name and `valid(life)`
  control_plane(node_name self, creation life,
                const control_limits& limits = {});

  /// Lets the control plane react to one event; appends what it wants done.
  /// Some of it refers to the control plane and must be done before the next
  /// step.
  void step(const control_event& what, const process_view& processes,
            effects& out);

  /// The same for the events of which there are many, which need not become a
  /// `control_event` first.
  void step(const event::monitor& what, const process_view& processes,
            effects& out);
  void step(const event::demonitor& what, const process_view& processes,
            effects& out);
  void step(const event::process_exited& what, const process_view& processes,
            effects& out);
  void step(const event::received& what, const process_view& processes,
            effects& out);

  node_name self() const noexcept {
    return self_;
  }

  creation life() const noexcept {
    return life_;
  }

  const monitor_table& table() const noexcept {
    return table_;
  }

  const control_counters& counters() const noexcept {
    return counters_;
  }

  /// Returns the nodes whose link is up, ordered by name.
  std::vector<node_name> nodes() const;

  bool is_up(node_name peer) const;

  /// Returns whether the link to `peer` is lost and some of its monitors have
  /// not ended yet.
  bool is_losing(node_name peer) const;

private:
  class stepper;

  /// The end of a link that has not led to all its DOWNs yet.
  struct loss {
    event::link_down why;
    /// Monitors with greater references were made later, for the next link.
    reference newest{};
  };

  /// A process that has ended and has watchers who do not know it yet.
  struct ending {
    pid process;
    exit_reason reason;
  };

  node_name self_;
  creation life_;
  control_limits limits_;
  monitor_table table_;
  control_counters counters_;
  /// The nodes whose link is up, and which life of theirs it leads to.
  absl::flat_hash_map<node_name, creation> links_;
  /// In the order in which the links were lost.
  std::vector<loss> losses_;
  /// In the order in which they ended.
  std::deque<ending> endings_;
  bool stopping_ = false;
  /// It has asked to go on, and its turn has not come yet.
  bool yielded_ = false;
  /// Reused by every step.
  std::vector<outbound_monitor> outbound_;
  std::vector<inbound_monitor> inbound_;
};

} // namespace vigil
