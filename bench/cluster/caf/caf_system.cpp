#include "bench/cluster/caf/caf_system.hpp"

#include <caf/actor.hpp>
#include <caf/atom.hpp>
#include <caf/io/middleman.hpp>

#include <vector>

namespace vigil::bench {

caf_settings::caf_settings() {
  load<caf::io::middleman>();
  add_message_type<std::vector<caf::actor>>("handles");
  set("scheduler.policy", caf::atom("sharing"));
  set("middleman.workers", size_t{0});
}

} // namespace vigil::bench
