#pragma once

#include "actors/internal_messages.hpp"
#include "messages/caf.hpp"
#include "messages/requests.hpp"

#include <caf/all.hpp>

namespace vigil {

/// What the processes and tools of a node may ask of its control plane. Never
/// published; none of these messages can come from another node.
using control_plane_handle
  = caf::typed_actor<caf::replies_to<monitor_request>::with<reference>,
                     caf::replies_to<demonitor_request>::with<bool>,
                     caf::reacts_to<exit_report>,
                     caf::replies_to<connect_request>::with<unit>,
                     caf::replies_to<disconnect_request>::with<unit>,
                     caf::replies_to<sync_request>::with<unit>,
                     caf::replies_to<monitors_request>::with<monitor_list>,
                     caf::replies_to<monitored_by_request>::with<watcher_list>,
                     caf::replies_to<nodes_request>::with<node_list>,
                     caf::replies_to<statistics_request>::with<statistics>>;

/// The control plane with what the other actors of its node tell it.
using control_plane_actor = control_plane_handle::extend<
  caf::reacts_to<peer_opened>, caf::reacts_to<peer_message>,
  caf::reacts_to<peer_closed>, caf::reacts_to<dial_success>,
  caf::reacts_to<dial_failure>, caf::reacts_to<requests_waiting>,
  caf::reacts_to<request_slice_due>, caf::reacts_to<timer_due>,
  caf::reacts_to<resume_due>, caf::replies_to<stop_order>::with<unit>>;

} // namespace vigil
