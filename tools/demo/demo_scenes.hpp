#pragma once

#include "tools/demo/demo_stage.hpp"

namespace vigil {

/// Plays all scenes of the demo, one after the other. Throws `demo_failure`.
void play(demo_stage& stage);

} // namespace vigil
