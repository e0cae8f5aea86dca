// What a control plane does about the effects of its core.

#include "actors/net/basp.hpp"
#include "actors/plane/control_plane_actor.hpp"
#include "messages/session_caf.hpp"
#include "src/front/callback_scope.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace vigil {

namespace {

std::string in_milliseconds(timespan x) {
  using std::chrono::milliseconds;
  return std::to_string(std::chrono::duration_cast<milliseconds>(x).count());
}

} // namespace

void control_plane_actor::execute(effect::deliver_down& x) {
  downs_.gather(std::move(x));
}

void control_plane_actor::execute(effect::retire& x) {
  parts_.front->gate.forget(x.ref);
  retired_ = x;
}

void control_plane_actor::execute(effect::node_up& x) {
  downs_.deliver();
  parts_.front->board.up(x.peer);
  log(log_level::info, "nodeup " + to_string(x.peer));
  tell_runtime({x.peer, true, x.life, {}, {}, 0, 0});
  answers_.up(x.peer);
}

void control_plane_actor::execute(effect::node_down& x) {
  parts_.front->board.down(x.peer);
  downs_.deliver();
  log(log_level::warning,
      "nodedown " + to_string(x.peer) + ' ' + std::string{to_string(x.cause)}
        + (x.detail.empty() ? std::string{} : ": " + x.detail) + " (last heard "
        + in_milliseconds(x.silence) + " ms ago, found out in "
        + in_milliseconds(x.detection) + " ms)");
  tell_runtime({x.peer,
                false,
                {},
                x.cause,
                x.detail,
                static_cast<uint64_t>(std::max(x.silence, timespan{0}).count()),
                static_cast<uint64_t>(x.detection.count())});
  answers_.down(x.peer);
}

void control_plane_actor::execute(effect::ticks_missed& x) {
  log(log_level::warning, to_string(x.peer) + " has missed "
                            + std::to_string(x.count) + " of its ticks (last "
                            + "heard " + in_milliseconds(x.silence)
                            + " ms ago)");
}

void control_plane_actor::execute(effect::yield&) {
  send(this, resume_due{});
}

void control_plane_actor::execute(effect::connect_failed& x) {
  downs_.deliver();
  log(log_level::info,
      "no connection to " + to_string(x.peer) + ": " + to_string(x.why));
  answers_.failed(x.peer, x.why);
}

void control_plane_actor::execute(effect::dial& x) {
  caf::anon_send(parts_.connector, dial_order{x.dial, x.peer, x.deadline});
}

void control_plane_actor::execute(effect::transmit& x) {
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

void control_plane_actor::execute(effect::hang_up& x) {
  auto i = connections_.find(x.connection);
  if (i == connections_.end())
    return;
  i->second.share.reset();
  basp_close_unused(system(), i->second.peer->node());
}

void control_plane_actor::execute(effect::synced& x) {
  answers_.synced(x.token, x.ok);
}

void control_plane_actor::execute(effect::stopped&) {
  for (auto peer : core_.plane().nodes())
    parts_.front->board.down(peer);
  stop_promise_.deliver(unit{});
  quit();
}

void control_plane_actor::tell_runtime(const node_event& x) {
  callback_scope scope;
  parts_.runtime->on_node_event(x);
}

void control_plane_actor::log(log_level level, const std::string& line) const {
  if (!parts_.log)
    return;
  // The sink is the program's as well: it must not wait for this thread.
  callback_scope scope;
  try {
    parts_.log(level, line);
  } catch (...) {
    // A line is lost. The node does not end for it.
    return;
  }
}

} // namespace vigil
