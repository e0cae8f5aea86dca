// What a control plane does for its executor: clock, network, messages to
// itself and records of the log.

#include "actors/net/basp.hpp"
#include "actors/plane/control_plane_actor.hpp"
#include "actors/write_log.hpp"
#include "messages/session_caf.hpp"
#include "src/front/callback_scope.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vigil {

namespace {

std::string in_milliseconds(timespan x) {
  using std::chrono::milliseconds;
  return std::to_string(std::chrono::duration_cast<milliseconds>(x).count());
}

} // namespace

time_point control_plane_actor::now() {
  return clock().now();
}

// -- the network --------------------------------------------------------------

void control_plane_actor::dial(const effect::dial& x) {
  caf::anon_send(parts_.connector, dial_order{x.dial, x.peer, x.deadline});
}

void control_plane_actor::transmit(effect::transmit& x) {
  auto i = connections_.find(x.connection);
  // One that is gone has been reported, or will be, by the endpoint.
  if (i == connections_.end())
    return;
  auto& [peer_ptr, share] = i->second;
  // Only who says hello wants a session; a refusal or a goodbye to a stranger
  // must not keep a connection open.
  if (share == nullptr && std::holds_alternative<hello>(x.message))
    share = std::make_unique<connection_share>(system(), peer_ptr->node());
  auto peer = caf::actor_cast<caf::actor>(peer_ptr);
  std::visit(
    [&](auto& message) {
      caf::send_as(parts_.endpoint, peer, std::move(message));
    },
    x.message);
}

void control_plane_actor::hang_up(const effect::hang_up& x) {
  auto i = connections_.find(x.connection);
  if (i == connections_.end())
    return;
  i->second.share.reset();
  basp_close_unused(system(), i->second.peer->node());
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
  log(log_level::info, "nodeup",
      {{"node", to_string(x.peer)},
       {"creation", std::to_string(to_integer(x.life))}},
      "nodeup " + to_string(x.peer));
}

void control_plane_actor::note(const effect::node_down& x) {
  auto silence = in_milliseconds(x.silence);
  auto detection = in_milliseconds(x.detection);
  std::string cause{to_string(x.cause)};
  auto text = "nodedown " + to_string(x.peer) + ' ' + cause
              + (x.detail.empty() ? std::string{} : ": " + x.detail)
              + " (last heard " + silence + " ms ago, found out in " + detection
              + " ms)";
  log(log_level::warning, "nodedown",
      {{"node", to_string(x.peer)},
       {"cause", std::move(cause)},
       {"detail", x.detail},
       {"silence_ms", std::move(silence)},
       {"detection_ms", std::move(detection)},
       {"loss", std::to_string(x.loss)}},
      std::move(text));
}

void control_plane_actor::note(const effect::connect_failed& x) {
  log(log_level::info, "connect_failed",
      {{"node", to_string(x.peer)},
       {"error", std::string{to_string(x.why.code)}},
       {"detail", x.why.detail}},
      "no connection to " + to_string(x.peer) + ": " + to_string(x.why));
}

void control_plane_actor::note(const effect::ticks_missed& x) {
  auto count = std::to_string(x.count);
  auto silence = in_milliseconds(x.silence);
  auto text = to_string(x.peer) + " has missed " + count
              + " of its ticks (last heard " + silence + " ms ago)";
  log(log_level::warning, "ticks_missed",
      {{"node", to_string(x.peer)},
       {"count", std::move(count)},
       {"silence_ms", std::move(silence)}},
      std::move(text));
}

void control_plane_actor::note(const exit_fault& x) {
  auto twice = x.what == exit_check::fault::twice;
  auto count = std::to_string(x.count);
  auto text = "the runtime has reported the end of " + to_string(x.process)
              + (twice ? " a second time" : " while it says that it is alive")
              + " (wrong reports until now: " + count + ')';
  log(log_level::warning, twice ? "exit_twice" : "exit_alive",
      {{"pid", to_string(x.process)}, {"count", std::move(count)}},
      std::move(text));
}

void control_plane_actor::announce(const node_event& x) {
  subscribers_.tell(x);
}

void control_plane_actor::log(log_level level, std::string_view event,
                              std::vector<log_field> fields,
                              std::string text) const {
  // The sink is the program's as well: it must not wait for this thread.
  callback_scope scope;
  write_log(parts_.log, level, event, std::move(fields), std::move(text));
}

} // namespace vigil
