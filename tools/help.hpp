#pragma once

#include <string_view>

namespace vigil {

/// What the command says about itself.
extern const std::string_view help_text;

/// What it says about `vigil node`.
extern const std::string_view node_help_text;

/// What it says about `vigil demo`.
extern const std::string_view demo_help_text;

} // namespace vigil
