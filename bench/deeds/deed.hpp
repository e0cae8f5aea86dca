#pragma once

#include <string>
#include <vector>

namespace vigil::bench {

/// Returns the names of all deeds.
std::vector<std::string> deed_names();

/// Does the deed of this name with `count` monitors, and prints how long the
/// DOWNs of an uninvolved process have taken meanwhile, and how much memory was
/// resident before, in the middle and after.
void take_deed(const std::string& name, size_t count);

} // namespace vigil::bench
