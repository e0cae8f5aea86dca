#pragma once

#include <stdexcept>

namespace vigil::testkit {

/// Thrown where a test, or the ledger, has found something wrong; ends the run.
class failure : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace vigil::testkit
