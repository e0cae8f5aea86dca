#pragma once

#include <cstdint>

namespace vigil {

/// Numbers a connection to another node's endpoint, within one node. Drawn by
/// whoever carries the messages; never used twice.
enum class connection_id : uint64_t {};

/// Numbers an attempt to connect, within one node. Drawn by the session layer.
enum class dial_id : uint64_t {};

} // namespace vigil
