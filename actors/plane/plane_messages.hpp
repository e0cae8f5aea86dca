#pragma once

#include <vigil/core/time_point.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

namespace vigil {

// What a control plane is told by its own node, itself included. None of these
// can be serialized.

/// To the control plane: the queue of the runtime's requests is not empty.
struct requests_waiting {};

/// To the control plane, from itself: more of these requests are to be applied.
struct request_slice_due {};

/// To the control plane, from itself: the time that the core asked for.
struct timer_due {
  time_point due;
};

/// To the control plane, from itself: go on with what did not fit into a step.
struct resume_due {};

/// To the control plane: an actor that has subscribed to node events has ended.
struct subscriber_gone {
  /// Only an address: the actor may be destroyed.
  const caf::actor_control_block* who;
};

/// To the control plane: an actor that was being spawned is a process now.
struct process_spawned {};

/// To the control plane: shut down in good order; answered when that is done.
struct stop_order {};

} // namespace vigil

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::requests_waiting)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::request_slice_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::timer_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::resume_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::subscriber_gone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::process_spawned)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::stop_order)
