#pragma once

#include <vigil/reference.hpp>
#include <vigil/target.hpp>
#include "src/front/front_state.hpp"

namespace vigil {

/// Notes at the gate what the caller of a monitor can see of a target on its
/// own node. Follows the request's way into the queue and precedes the return
/// of the call: an end that comes after the call is then reported after the
/// request, and the control plane can rely on the note when it finds nobody
/// alive any more. The other way round a target could end, and the control
/// plane learn of it, before the request that relies on its end to come.
///
/// Does nothing once the front is closed. Calls the runtime.
///
/// Thread-safety: may be called from any thread.
void note_target(front_state& state, const target& object, reference ref);

} // namespace vigil
