#pragma once

#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

#include <functional>

namespace vigil {

// What CAF calls a node is an actor system. Its id is made of the process
// number, hardware addresses and a count of 8 bits: two containers of one
// network, or the 256th system of a program after it, have the same, and CAF
// takes either for the other.

/// Returns an id that no other actor system has.
caf::node_id random_node_id();

/// Returns whether `x` is an id of that kind.
bool is_random(const caf::node_id& x);

/// Lets the actor system that is made from `config` have the id that `make`
/// returns. Called once the middleman was loaded; does nothing for one that is
/// loaded later.
void set_node_id(caf::actor_system_config& config,
                 std::function<caf::node_id()> make);

} // namespace vigil
