#pragma once

#include <vigil/log.hpp>
#include <vigil/notices.hpp>
#include "actors/loop/multiplexed.hpp"
#include "actors/loop/short_spin.hpp"
#include "actors/net/connection_share.hpp"
#include "actors/plane/actor_promise.hpp"
#include "actors/plane/control_plane_parts.hpp"
#include "actors/plane/control_plane_port.hpp"
#include "src/node/batch_delivery.hpp"
#include "src/node/node_core.hpp"
#include "src/node/pending_answers.hpp"
#include "src/node/waiting_room.hpp"

#include <caf/all.hpp>

#include "absl/container/flat_hash_map.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace vigil {

/// The control plane as an actor: turns messages into events, hands them to the
/// node core, and executes the effects that come back. Decides nothing.
///
/// Effects are executed in the order in which the core emits them, with two
/// liberties: DOWNs that follow each other are delivered in one call, and a
/// session that went down is published as down before anybody is told.
class control_plane_actor final : public multiplexed<control_plane_port::base> {
public:
  control_plane_actor(caf::actor_config& config, control_plane_parts parts);

  const char* name() const override {
    return "vigil.control_plane";
  }

protected:
  behavior_type make_behavior() override;

  void on_exit() override;

private:
  using unit_promise = caf::typed_response_promise<unit>;
  using monitor_promise = caf::typed_response_promise<reference>;
  using monitor_room = waiting_room<actor_promise<reference>>;

  struct connection {
    caf::strong_actor_ptr peer;
    /// From the node's hello until it hangs up.
    std::unique_ptr<connection_share> share;
  };

  // -- messages ---------------------------------------------------------------

  caf::result<reference> on_monitor(const monitor_request& x);
  caf::result<bool> on_demonitor(const demonitor_request& x);
  caf::result<unit> on_connect(const connect_request& x);
  caf::result<unit> on_disconnect(const disconnect_request& x);
  caf::result<unit> on_sync(const sync_request& x);
  void on_requests_waiting();
  /// Applies what threads have requested before this message was sent.
  void catch_up();
  void consume_requests(size_t limit);
  caf::result<unit> on_stop();
  /// Answers all who wait for a session or for room.
  void refuse_waiting();
  statistics collect_statistics() const;

  // -- stepping ---------------------------------------------------------------

  /// Steps the core by one event and executes what comes back.
  void step(const core_event& what);
  void begin();
  void apply(const core_event& what);
  void finish();

  /// Grants a monitor to an actor, or says why not.
  caf::result<reference> grant(const monitor_request& x);
  /// Answers requests that waited for room.
  void grant_waiting();
  void publish_backlogs(const std::vector<node_name>& up);
  void schedule_wake();
  void stay_awake();

  // -- effects ----------------------------------------------------------------

  void execute(effect::deliver_down& x);
  void execute(effect::retire& x);
  void execute(effect::node_up& x);
  void execute(effect::node_down& x);
  void execute(effect::connect_failed& x);
  void execute(effect::yield& x);
  void execute(effect::dial& x);
  void execute(effect::transmit& x);
  void execute(effect::hang_up& x);
  void execute(effect::ticks_missed& x);
  void execute(effect::synced& x);
  void execute(effect::stopped& x);

  void tell_runtime(const node_event& x);
  void log(log_level level, const std::string& line) const;

  control_plane_parts parts_;
  node_core core_;
  node_effects effects_;
  /// Some requests of threads wait for the next slice, and whether this actor
  /// has told itself so.
  bool behind_ = false;
  bool slice_due_ = false;
  batch_delivery downs_;
  /// The answer to a retired reference, for a request that is being granted.
  std::optional<effect::retire> retired_;
  absl::flat_hash_map<connection_id, connection> connections_;
  pending_answers<actor_promise<unit>> answers_;
  monitor_room room_;
  unit_promise stop_promise_;
  std::optional<time_point> scheduled_wake_;
  /// Null in an actor system without a multiplexer.
  caf::intrusive_ptr<short_spin> spin_;
  /// How many control messages had passed at the end of the last step.
  uint64_t passed_before_ = 0;
};

} // namespace vigil
