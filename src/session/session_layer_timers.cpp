// What a session layer does because time has passed: it dials and dials again,
// keeps sessions alive, gives peers up, and finishes a stop.

#include "src/session/session_layer.hpp"

#include <algorithm>
#include <utility>

namespace vigil {

// -- dialling -----------------------------------------------------------------

void session_layer::start_dial(node_name name) {
  auto& state = peers_[name];
  // A connection in its last second may be the one a new dial would be given.
  if (state.dial || state.losing || is_leaving(name))
    return;
  ++counters_.dials;
  dial_id id{++last_dial_};
  state.dial = id;
  dials_.emplace(id, name);
  effects_.emplace_back(effect::dial{id, name, state.setup_deadline});
}

void session_layer::redial_later(node_name name) {
  auto& state = peers_[name];
  if (state.dial || find(state.current) != nullptr)
    return;
  // Jitter, so that two nodes that dialled each other at once do not meet
  // again.
  auto jitter = static_cast<int64_t>(random() % 1024);
  state.redial_at = now_ + state.backoff / 2 + state.backoff * jitter / 1024;
  state.backoff = std::min(state.backoff * 2, longest_backoff);
}

void session_layer::rest_and_retry(node_name name) {
  auto& state = peers_[name];
  if (!state.kept || state.rest_until)
    return;
  // Jitter, so that a node that comes back is not dialled by all at once.
  auto jitter = static_cast<int64_t>(random() % 1024);
  state.rest_until = now_ + state.rest / 2 + state.rest / 2 * jitter / 1024;
  state.rest = std::min(state.rest * 2, longest_rest);
}

bool session_layer::is_leaving(node_name name) const {
  return std::any_of(contacts_.begin(), contacts_.end(), [&](const auto& x) {
    return x.second->peer == name && x.second->state == phase::leaving;
  });
}

// -- timers -------------------------------------------------------------------

void session_layer::check_contacts() {
  // Handling one contact may remove others.
  std::vector<connection_id> connections;
  connections.reserve(contacts_.size());
  for (const auto& x : contacts_)
    connections.push_back(x.first);
  for (auto connection : connections)
    if (auto x = find(connection))
      check_contact(*x);
}

void session_layer::check_contact(contact& x) {
  switch (x.state) {
    case phase::up:
      return check_session(x);
    case phase::greeting:
    case phase::held:
      if (x.deadline > now_)
        return;
      // One that is held is not the attempt that check_peers gives up.
      if (!x.peer || x.state == phase::held || !peers_[x.peer].wanted)
        return refuse(x, {errc::setup_timeout, {}});
      // Our hello may have gone into a connection that was being closed: try
      // another. The end of the set-up time is the business of check_peers.
      if (peers_[x.peer].setup_deadline > now_)
        hang_up(x);
      return;
    case phase::leaving:
      if (x.deadline <= now_)
        hang_up(x);
      return;
  }
}

void session_layer::check_session(contact& x) {
  auto& detector = x.live->detector();
  if (detector.lost(now_)) {
    end_session(x, down_cause::net_tick_timeout,
                "the node was silent for its tick time",
                detector.suspicion(now_));
    // It may only be slow; then this tells it what has become of it.
    return leave(x, {down_cause::net_tick_timeout, errc::closed, {}});
  }
  auto missed = detector.missed(now_);
  if (missed > x.missed) {
    counters_.ticks_missed += missed - x.missed;
    effects_.emplace_back(
      effect::ticks_missed{x.peer, missed, detector.silence(now_)});
  }
  x.missed = missed;
  if (auto& asked = x.asked_syncs; !asked.empty() && x.sync_deadline <= now_) {
    // `flush` asks again.
    x.syncs.insert(x.syncs.begin(), asked.begin(), asked.end());
    asked.clear();
  }
  outbox_.clear();
  x.live->keep_alive(now_, outbox_);
  for (auto& message : outbox_)
    transmit(x.connection, std::move(message));
}

void session_layer::check_peers() {
  std::vector<node_name> names;
  for (const auto& [name, state] : peers_)
    if (state.wanted || state.newcomer || state.rest_until)
      names.push_back(name);
  std::sort(names.begin(), names.end());
  for (auto name : names)
    check_peer(name, peers_[name]);
}

void session_layer::check_peer(node_name name, peer_state& state) {
  if (auto newcomer = find(state.newcomer);
      newcomer != nullptr && !state.losing && state.probe_deadline <= now_) {
    auto& old = *find(state.current);
    if (probe_failed(old, state)) {
      auto same = old.other.being == newcomer->other.being;
      end_session(old, same ? down_cause::closed : down_cause::restarted,
                  "the session did not answer a probe", config_.probe_time());
      hang_up(old);
    }
  }
  if (state.wanted && state.setup_deadline <= now_) {
    if (auto current = find(state.current))
      leave(*current, {down_cause::refused, errc::setup_timeout, {}});
    fail(name, state.last_failure.value_or(error{errc::setup_timeout, {}}));
  } else if (state.redial_at && *state.redial_at <= now_) {
    state.redial_at.reset();
    start_dial(name);
  }
  if (state.rest_until && *state.rest_until <= now_) {
    state.rest_until.reset();
    // Also if the peer has begun a greeting meanwhile, which can come to
    // nothing.
    if (!state.wanted)
      open_link(name, true);
  }
}

void session_layer::extend_probe(peer_state& state, timespan late) const {
  state.probe_deadline += late;
  // After a real pause the answer may be there already, but not read yet.
  if (late >= config_.probe_time() / 8)
    state.probe_deadline = std::max(state.probe_deadline,
                                    now_ + config_.probe_time() / 4);
}

bool session_layer::probe_failed(const contact& old, peer_state& state) const {
  auto left = config_.probe_time() - old.live->detector().silence(now_);
  if (left <= timespan{0})
    return true;
  // It speaks: the answer comes behind what it had to say before.
  state.probe_deadline = now_ + left;
  return false;
}

void session_layer::finish_stop_if_done() {
  std::vector<contact*> ready;
  auto overdue = *stop_deadline_ <= now_;
  for (auto& [connection, x] : contacts_)
    if (x->state == phase::up && (overdue || x->live->drained()))
      ready.push_back(x.get());
  for (auto x : ready)
    leave(*x, {down_cause::shutdown, errc::shutdown, {}});
  if (overdue)
    while (!contacts_.empty())
      hang_up(*contacts_.begin()->second);
  stopped_ = contacts_.empty();
}

} // namespace vigil
