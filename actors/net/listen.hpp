#pragma once

#include <vigil/result.hpp>

#include <caf/fwd.hpp>

#include <cstdint>
#include <string>

namespace vigil {

/// Publishes `endpoint` at a port of a local address; port 0 lets the system
/// choose one. Returns the port. Errors: `address_in_use`, `bad_address`.
result<uint16_t> listen(caf::actor_system& system, const caf::actor& endpoint,
                        uint16_t port, const std::string& address);

} // namespace vigil
