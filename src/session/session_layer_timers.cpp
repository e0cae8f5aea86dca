// What a session layer does because time has passed: it dials and dials again,
// keeps sessions alive, gives peers up, and finishes a stop.

#include "src/session/session_layer.hpp"

#include <algorithm>
#include <utility>

namespace vigil {

// -- dialling -----------------------------------------------------------------

void session_layer::start_dial(peer& x) {
  // A connection in its last second may be the one a new dial would be given.
  if (x.keeper.dial || x.keeper.losing() || x.is_leaving())
    return;
  ++counters_.dials;
  dial_id id{++last_dial_};
  x.keeper.dial = id;
  dials_.emplace(id, x.name());
  effects_.emplace_back(effect::dial{id, x.name(), x.keeper.deadline()});
}

void session_layer::redial_later(peer& x) {
  if (x.keeper.dial || x.current() != nullptr)
    return;
  x.keeper.redial_later(now_, random_);
  schedule_.changes(x);
}

// -- timers -------------------------------------------------------------------

void session_layer::check_contact(contact& x) {
  switch (x.state) {
    case phase::up:
      return check_session(x);
    case phase::greeting:
    case phase::held:
      if (x.deadline > now_)
        return;
      // One that is held is not the attempt that check_peers gives up.
      if (x.peer == nullptr || x.state == phase::held
          || !x.peer->keeper.wanted())
        return refuse(x, {errc::setup_timeout, {}});
      // Our hello may have gone into a connection that was being closed: try
      // another. The end of the set-up time is the business of check_peers.
      if (x.peer->keeper.deadline() > now_)
        hang_up(x);
      return;
    case phase::leaving:
      if (x.deadline <= now_)
        hang_up(x);
      return;
  }
}

void session_layer::check_session(contact& x) {
  catch_up(x);
  schedule_.sends(x);
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
      effect::ticks_missed{x.other.name, missed, detector.silence(now_)});
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

void session_layer::check_peer(peer& x) {
  auto& keeper = x.keeper;
  if (x.probe_due(now_) && probe_failed(x)) {
    auto& old = *x.current();
    auto same = old.other.being == x.newcomer()->other.being;
    end_session(old, same ? down_cause::closed : down_cause::restarted,
                "the session did not answer a probe", config_.probe_time());
    hang_up(old);
  }
  if (keeper.wanted() && keeper.deadline() <= now_) {
    if (auto current = x.current())
      leave(*current, {down_cause::refused, errc::setup_timeout, {}});
    fail(x, keeper.failure());
  } else if (keeper.redial_due(now_)) {
    start_dial(x);
  }
  // Also if the peer has begun a greeting meanwhile, which can come to nothing.
  if (keeper.rest_due(now_) && !keeper.wanted())
    open_link(x.name(), true);
}

void session_layer::extend_patience(timespan late) {
  // Small ones add up, and each session learns of them when it is looked at;
  // together they stay below what a detector takes for a real pause.
  auto real = config_.tick_time / 8;
  auto pause = late >= real;
  if (pause || lateness_ + late - known_lateness_ >= real) {
    for (auto& [connection, x] : contacts_)
      if (x->live) {
        catch_up(*x);
        if (pause)
          x->live->detector().extend(late, now_);
      }
    known_lateness_ = lateness_;
  }
  if (!pause)
    lateness_ += late;
  probing_.erase(
    std::remove_if(probing_.begin(), probing_.end(),
                   [](auto x) { return x->newcomer() == nullptr; }),
    probing_.end());
  for (auto x : probing_)
    extend_probe(*x, late);
}

void session_layer::catch_up(contact& x) {
  auto late = lateness_ - std::exchange(x.lateness, lateness_);
  if (late > timespan{0})
    x.live->detector().extend(late, now_);
}

std::optional<time_point> session_layer::due_of(contact& x) {
  if (x.state != phase::up)
    return x.deadline;
  catch_up(x);
  auto result = std::min(x.live->next_tick(),
                         x.live->detector().next_look(now_));
  return x.asked_syncs.empty() ? result : std::min(result, x.sync_deadline);
}

void session_layer::extend_probe(peer& x, timespan late) const {
  auto deadline = x.probe_deadline() + late;
  // After a real pause the answer may be there already, but not read yet.
  if (late >= config_.probe_time() / 8)
    deadline = std::max(deadline, now_ + config_.probe_time() / 4);
  x.extend_probe(deadline);
}

bool session_layer::probe_failed(peer& x) const {
  auto silence = x.current()->live->detector().silence(now_);
  auto left = config_.probe_time() - silence;
  if (left <= timespan{0})
    return true;
  // It speaks: the answer comes behind what it had to say before.
  x.extend_probe(now_ + left);
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
