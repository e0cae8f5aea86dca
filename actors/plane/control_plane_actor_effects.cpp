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
  gathered_.push_back(
    {x.watcher, {x.ref, std::move(x.object), std::move(x.reason)}, x.in_loss});
}

void control_plane_actor::execute(effect::retire& x) {
  parts_.front->gate.forget(x.ref);
  retired_ = x;
}

void control_plane_actor::execute(effect::node_up& x) {
  deliver_gathered();
  parts_.front->board.up(x.peer);
  log(log_level::info, "nodeup " + to_string(x.peer));
  tell_runtime({x.peer, true, x.life, {}, {}, 0, 0});
  answer(connects_, x.peer, std::nullopt);
}

void control_plane_actor::execute(effect::node_down& x) {
  parts_.front->board.down(x.peer);
  deliver_gathered();
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
  answer(disconnects_, x.peer, std::nullopt);
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
  deliver_gathered();
  log(log_level::info,
      "no connection to " + to_string(x.peer) + ": " + to_string(x.why));
  answer(connects_, x.peer, x.why);
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
  auto i = syncs_.find(x.token);
  if (x.ok)
    i->second.deliver(unit{});
  else
    i->second.deliver(make_error(errc::no_connection));
  syncs_.erase(i);
}

void control_plane_actor::execute(effect::stopped&) {
  for (auto peer : core_.plane().nodes())
    parts_.front->board.down(peer);
  stop_promise_.deliver(unit{});
  quit();
}

void control_plane_actor::deliver_gathered() {
  if (gathered_.empty())
    return;
  claim_gathered();
  if (!gathered_.empty()) {
    callback_scope scope;
    parts_.runtime->deliver(gathered_.data(), gathered_.size());
  }
  parts_.front->gate.delivered(claimed_);
  gathered_.clear();
}

void control_plane_actor::claim_gathered() {
  claimed_.clear();
  for (const auto& x : gathered_)
    claimed_.push_back(x.message.ref);
  parts_.front->gate.claim(claimed_, passed_);
  size_t kept = 0;
  for (size_t i = 0; i < passed_.size(); ++i) {
    if (!passed_[i])
      continue;
    if (kept != i) {
      claimed_[kept] = claimed_[i];
      gathered_[kept] = std::move(gathered_[i]);
    }
    ++kept;
  }
  suppressed_ += gathered_.size() - kept;
  claimed_.resize(kept);
  gathered_.erase(gathered_.begin() + static_cast<std::ptrdiff_t>(kept),
                  gathered_.end());
}

void control_plane_actor::tell_runtime(const node_event& x) {
  callback_scope scope;
  parts_.runtime->on_node_event(x);
}

void control_plane_actor::answer(waiting_callers& callers, node_name peer,
                                 const std::optional<error>& failure) {
  auto waits = [peer](const auto& x) { return x.first == peer; };
  for (auto& [name, promise] : callers) {
    if (name != peer)
      continue;
    if (failure)
      promise.deliver(make_error(*failure));
    else
      promise.deliver(unit{});
  }
  callers.erase(std::remove_if(callers.begin(), callers.end(), waits),
                callers.end());
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
