#pragma once

#include <string>
#include <vector>

namespace vigil {

/// Runs the show: four nodes on this machine that monitor each other. Returns
/// the exit status, 0 if every DOWN that was expected came once and no other.
int run_demo(const std::vector<std::string>& arguments);

} // namespace vigil
