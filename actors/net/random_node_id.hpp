#pragma once

#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

#include <cstdint>
#include <functional>

namespace vigil {

// What CAF calls a node is an actor system. Its id is made of the process
// number, hardware addresses and a count of 8 bits: two containers of one
// network, or the 256th system of a program after it, have the same, and CAF
// takes either for the other.

/// Returns an id that no other actor system has.
caf::node_id random_node_id();

/// Returns an id of that kind which is made of numbers that `draw` returns.
caf::node_id drawn_node_id(const std::function<uint64_t()>& draw);

/// Returns whether `x` is an id of that kind.
bool is_random(const caf::node_id& x);

/// Lets the actor system that is made from `config` have the id that `make`
/// returns. Called once the middleman was loaded; does nothing for one that is
/// loaded later.
void set_node_id(caf::actor_system_config& config,
                 std::function<caf::node_id()> make);

/// Lets an actor system have another id. Called by one of its modules when that
/// starts: sooner would be too soon, since CAF sets its own after the modules
/// are initialized, and later too late, since some keep a copy.
void set_node_id(caf::actor_system& system, const caf::node_id& id);

} // namespace vigil
