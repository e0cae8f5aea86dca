#pragma once

#include <vigil/core/control_effect.hpp>
#include <vigil/core/control_event.hpp>
#include <vigil/core/limits.hpp>
#include <vigil/core/monitor.hpp>
#include <vigil/core/process_view.hpp>
#include <vigil/core/work_meter.hpp>
#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace vigil {

/// What a control plane has counted since its start.
struct control_counters {
  /// Control messages emitted, whatever their opcode; some may be lost with
  /// their link.
  uint64_t sent = 0;
  /// Control messages that came over a link that was up, whatever their opcode.
  uint64_t received = 0;
  /// DOWNs emitted with the target's own reason, whatever that is.
  uint64_t downs_exit = 0;
  /// DOWNs emitted because there is no such process, here or there.
  uint64_t downs_noproc = 0;
  /// DOWNs emitted because a link was lost or could not be made.
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
/// queue beside the table. What takes more work than one step does, such as the
/// loss of a link with a million monitors, goes on in slices, a step each, so
/// that what else happens is not kept waiting; until its DOWN is emitted a
/// monitor is live.
///
/// Thread-safety: none; owned by one control plane actor. One that was moved
/// from may only be destroyed or assigned to.
class control_plane {
public:
  /// A list to which steps append; the caller's own, to be used again.
  using effects = std::vector<control_effect>;

  /// With a `meter`, which outlives it, several events can share the work of a
  /// step: whoever owns the meter starts each step. Without one every event is
  /// a step.
  /// @pre `self` is a name and `valid(life)`
  control_plane(node_name self, creation life,
                const control_limits& limits = {}, work_meter* meter = nullptr);

  /// What `other` has emitted stays valid; what a control plane has emitted
  /// that is assigned to does not.
  /// @{
  control_plane(control_plane&& other) noexcept;

  control_plane& operator=(control_plane&& other) noexcept;
  /// @}

  ~control_plane();

  /// Lets the control plane react to one event; appends what it wants done.
  /// Some of it refers to the control plane and must be done before the next
  /// step.
  void step(const control_event& what, const process_view& processes,
            effects& out);

  /// The same for the events of which there are many, which need not become a
  /// `control_event` first.
  /// @{
  void step(const event::monitor& what, const process_view& processes,
            effects& out);
  void step(const event::demonitor& what, const process_view& processes,
            effects& out);
  void step(const event::process_exited& what, const process_view& processes,
            effects& out);
  /// @}

  /// The same as `event::received`, for a message that lies elsewhere.
  void receive(node_name peer, const control_message& message,
               const process_view& processes, effects& out);

  // -- reading ----------------------------------------------------------------

  /// Returns whose control plane this is.
  node_name self() const noexcept;

  /// Returns which life of that node.
  creation life() const noexcept;

  /// Returns what was counted so far; valid as long as the control plane.
  const control_counters& counters() const noexcept;

  /// Returns the nodes whose link is up, ordered by name.
  std::vector<node_name> nodes() const;

  /// Returns whether the link to `peer` is up.
  bool is_up(node_name peer) const;

  /// Returns whether the link to `peer` is lost and some of its monitors have
  /// not ended yet.
  bool is_losing(node_name peer) const;

  /// Returns how many ends of links to `peer`, or of attempts to make one, have
  /// not led to all their DOWNs yet.
  size_t num_losses(node_name peer) const;

  /// Returns whether monitors wait to be sent to `peer`: until there is a link,
  /// and then until their turn has come, for they leave in slices.
  bool has_waiting(node_name peer) const;

  /// Returns how many deeds have been too large for a step so far.
  uint64_t num_deeds() const noexcept;

  /// Returns whether the first `last` of them are done.
  bool settled(uint64_t last) const noexcept;

  /// Returns whether all are: nothing waits for `event::resume`.
  bool settled() const noexcept {
    return settled(num_deeds());
  }

  /// Returns how many monitors the processes of this node hold, on processes of
  /// `node` or on any.
  /// @{
  size_t num_outbound() const noexcept;
  size_t num_outbound(node_name node) const;
  /// @}

  /// Returns how many monitors are held on the processes of this node, by
  /// processes of `node` or by any.
  /// @{
  size_t num_inbound() const noexcept;
  size_t num_inbound(node_name node) const;
  /// @}

  /// Returns the monitors that `watcher` holds, oldest first.
  std::vector<outbound_monitor> monitors(const pid& watcher) const;

  /// Returns the monitors that are held on processes of `node`, oldest first.
  std::vector<outbound_monitor> monitors_on(node_name node) const;

  /// Returns the watchers of `process`, one entry a monitor, oldest first.
  std::vector<pid> monitored_by(const pid& process) const;

  /// Returns whether this very monitor is held on a process of this node.
  bool is_monitored(const pid& watcher, const target& object,
                    reference ref) const;

  /// Returns whether no monitor is left, and nothing that was kept for one.
  bool empty() const noexcept;

private:
  class impl;

  std::unique_ptr<impl> impl_;
};

} // namespace vigil
