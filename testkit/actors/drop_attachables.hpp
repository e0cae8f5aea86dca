#pragma once

#include <caf/attachable.hpp>
#include <caf/monitorable_actor.hpp>

#include <utility>

namespace vigil::testkit {

/// Lets nobody know of the end of an actor: neither who monitors it or is
/// linked to it, nor a function that was attached to it and may refer to what
/// is gone.
inline void drop_attachables(caf::monitorable_actor& x) {
  struct opened : caf::monitorable_actor {
    static auto head() {
      return &opened::attachables_head_;
    }
  };
  caf::attachable_ptr dropped = std::move(x.*opened::head());
}

} // namespace vigil::testkit
