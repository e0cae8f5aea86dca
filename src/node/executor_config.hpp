#pragma once

#include <vigil/core/limits.hpp>
#include <vigil/creation.hpp>
#include <vigil/node_config.hpp>
#include <vigil/result.hpp>
#include "messages/incarnation.hpp"
#include "src/session/session_layer.hpp"

#include <cstdint>

namespace vigil {

/// What a node executor needs to know about its node.
struct executor_config {
  session_config session;
  control_limits limits;
};

/// Returns what is wrong with a configuration: `bad_argument` or `bad_address`
/// with a detail, or `none`.
error check(const node_config& x);

/// Returns what the executor of a node with this configuration is told. Life,
/// being and seed are chance.
executor_config executor_config_of(const node_config& x, creation life,
                                   incarnation being, uint64_t seed);

} // namespace vigil
