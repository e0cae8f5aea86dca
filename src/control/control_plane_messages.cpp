// What a control plane does about the control messages of other nodes.

#include "src/control/control_plane_impl.hpp"

#include <string>
#include <utility>

namespace vigil {

void control_plane::impl::violation(node_name peer, std::string detail) {
  ++counters_.violations;
  // It can quote a reason of any size.
  emit(effect::close_link{peer,
                          tidied({down_cause::protocol_error,
                                  errc::protocol_error, std::move(detail)})});
}

void control_plane::impl::overload(node_name peer) {
  emit(effect::close_link{
    peer,
    {down_cause::overload, errc::system_limit,
     "the node's processes hold " + std::to_string(limits_.max_inbound)
       + " monitors here, which is the most that is allowed"}});
}

bool control_plane::impl::is_request_of(node_name peer, creation life,
                                        const pid& watcher,
                                        const target& object) const {
  return watcher.node == peer && watcher.life == life
         && node_of(object) == self_;
}

void control_plane::impl::handle(node_name peer, creation life,
                                 const monitor_p& x) {
  if (!valid(x) || !is_request_of(peer, life, x.watcher, x.object))
    return violation(peer, "may not say " + to_string(x));
  auto process = resolve(x.object);
  auto full = table_.num_inbound(peer) >= limits_.max_inbound;
  auto match = process && !full
                 ? table_.register_inbound_monitor(x.watcher, x.object, x.ref,
                                                   *process)
                 : table_.match_inbound_monitor(x.watcher, x.object, x.ref);
  // One that came before keeps its resolution (contract 6).
  if (match == monitor_table::inbound_match::repeated)
    ++counters_.repeats;
  else if (match == monitor_table::inbound_match::conflicting)
    violation(peer, "uses the reference of another monitor: " + to_string(x));
  else if (full)
    overload(peer);
  else if (!process)
    send(peer,
         monitor_p_exit{x.object, x.watcher, x.ref, exit_reason::noproc()});
}

void control_plane::impl::handle(node_name peer, creation life,
                                 const demonitor_p& x) {
  if (!valid(x) || !is_request_of(peer, life, x.watcher, x.object))
    return violation(peer, "may not say " + to_string(x));
  if (!table_.remove_inbound_monitor(x.watcher, x.object, x.ref))
    ++counters_.crossings;
}

void control_plane::impl::handle(node_name peer, creation,
                                 const monitor_p_exit& x) {
  if (!valid(x) || node_of(x.object) != peer || !is_local(x.watcher))
    return violation(peer, "may not say " + to_string(x));
  switch (table_.take_outbound_for_exit(peer, x.object, x.watcher, x.ref)) {
    case monitor_table::exit_match::taken:
      deliver(x.watcher, x.ref, x.object, x.reason,
              x.reason == exit_reason::noproc() ? down_origin::noproc_there
                                                : down_origin::exit);
      break;
    case monitor_table::exit_match::unknown:
      ++counters_.crossings;
      break;
    case monitor_table::exit_match::mismatch:
      violation(peer, "ends a monitor that is not its own: " + to_string(x));
      break;
  }
}

} // namespace vigil
