#include "src/node/node_statistics.hpp"

namespace vigil {

statistics collect_statistics(const node_core& core, uint64_t suppressed,
                              uint64_t cancelled) {
  const auto& plane = core.plane();
  const auto& control = plane.counters();
  const auto& sessions = core.sessions().counters();
  uint64_t backlog = 0;
  for (auto peer : plane.nodes())
    backlog += core.sessions().backlog(peer);
  return {{
    {"outbound", plane.num_outbound()},
    {"inbound", plane.num_inbound()},
    {"nodes", plane.nodes().size()},
    {"sent", control.sent},
    {"received", control.received},
    {"downs", control.downs_exit + control.downs_noproc
                + control.downs_noconnection - suppressed},
    {"downs_exit", control.downs_exit},
    {"downs_noproc", control.downs_noproc},
    {"downs_noconnection", control.downs_noconnection},
    {"downs_demonitored", suppressed},
    {"demonitors", control.demonitors + suppressed + cancelled},
    {"cancelled", cancelled},
    {"crossings", control.crossings},
    {"repeats", control.repeats},
    {"violations", control.violations},
    {"sessions", sessions.sessions},
    {"dials", sessions.dials},
    {"refusals", sessions.refusals},
    {"stale", sessions.stale},
    {"frames_sent", sessions.frames_sent},
    {"frames_received", sessions.frames_received},
    {"bytes_sent", sessions.bytes_sent},
    {"bytes_received", sessions.bytes_received},
    {"ticks_sent", sessions.ticks_sent},
    {"ticks_received", sessions.ticks_received},
    {"ticks_missed", sessions.ticks_missed},
    {"backlog", backlog},
  }};
}

} // namespace vigil
