// What a control plane does for its executor: clock, network, messages to
// itself and records of the log.

#include "actors/plane/control_plane_actor.hpp"

#include <algorithm>
#include <utility>

namespace vigil {

time_point control_plane_actor::now() {
  return clock().now();
}

// -- the network --------------------------------------------------------------

void control_plane_actor::dial(const effect::dial& x) {
  parts_.network->dial(x);
}

void control_plane_actor::transmit(effect::transmit& x) {
  parts_.network->transmit(x);
}

void control_plane_actor::hang_up(const effect::hang_up& x) {
  parts_.network->hang_up(x);
}

// -- coming back --------------------------------------------------------------

void control_plane_actor::wake_at(time_point due) {
  auto delay = std::max(due - clock().now(), timespan{0});
  caf::delayed_anon_send(caf::actor_cast<caf::actor>(this), delay,
                         timer_due{due});
}

void control_plane_actor::resume_later() {
  send(this, resume_due{});
}

void control_plane_actor::slice_later() {
  send(this, request_slice_due{});
}

void control_plane_actor::stepped() {
  // Where many pass at once nobody waits for a single one, and ticks tell
  // nothing of what comes next.
  constexpr uint64_t few = 8;
  const auto& counters = executor_.core().plane().counters();
  auto all = counters.sent + counters.received;
  auto passed = all - std::exchange(passed_before_, all);
  if (spin_ != nullptr && passed > 0 && passed <= few)
    spin_->start();
}

void control_plane_actor::stopped() {
  quit();
}

// -- notes --------------------------------------------------------------------

void control_plane_actor::note(const effect::node_up& x) {
  log_.note(x);
}

void control_plane_actor::note(const effect::node_down& x) {
  log_.note(x);
}

void control_plane_actor::note(const effect::connect_failed& x) {
  log_.note(x);
}

void control_plane_actor::note(const effect::ticks_missed& x) {
  log_.note(x);
}

void control_plane_actor::note(const exit_fault& x) {
  log_.note(x);
}

void control_plane_actor::announce(const node_event& x) {
  subscribers_.tell(x);
}

} // namespace vigil
