#pragma once

#include <vigil/caf.hpp>
#include <vigil/errc.hpp>
#include <vigil/reference.hpp>
#include <vigil/requests.hpp>
#include <vigil/result.hpp>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace vigil {

/// What the processes and tools of a node may ask of its control plane, as
/// typed messages. Never published; none of them can come from another node.
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

} // namespace vigil
