#pragma once

#include <vigil/control_plane_handle.hpp>
#include "actors/net/network_messages.hpp"
#include "actors/plane/plane_messages.hpp"

#include <caf/all.hpp>

namespace vigil {

/// The control plane with what the other actors of its node tell it.
using control_plane_port = control_plane_interface::extend<
  caf::reacts_to<peer_opened>, caf::reacts_to<peer_message>,
  caf::reacts_to<peer_closed>, caf::reacts_to<dial_success>,
  caf::reacts_to<dial_failure>, caf::reacts_to<requests_waiting>,
  caf::reacts_to<request_slice_due>, caf::reacts_to<timer_due>,
  caf::reacts_to<subscriber_gone>, caf::reacts_to<process_spawned>,
  caf::reacts_to<resume_due>, caf::replies_to<stop_order>::with<unit>>;

} // namespace vigil
