#pragma once

#include <stdexcept>

namespace vigil::bench {

/// The run counts for nothing: something did not happen, or not as it must.
struct failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

} // namespace vigil::bench
