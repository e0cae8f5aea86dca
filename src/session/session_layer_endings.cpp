// How sessions, greetings and attempts to reach a peer end, and what may begin
// then.

#include "src/session/session_layer.hpp"

#include <cassert>
#include <utility>

namespace vigil {

void session_layer::end_session(contact& x, down_cause cause,
                                std::string detail, timespan detection) {
  assert(x.state == phase::up);
  auto silence = x.live->detector().silence(now_);
  x.live.reset();
  x.peer->leave(x);
  give_time(x, leaving_deadline());
  schedule_.changes(*x.peer);
  x.peer->keeper.lose();
  x.peer->keeper.lasted(now_ - x.up_since);
  fail_syncs(x.syncs);
  fail_syncs(x.asked_syncs);
  reports_.emplace_back(event::link_down{
    x.peer->name(), cause, std::move(detail), silence, detection});
}

void session_layer::ask_syncs(contact& x) {
  // The answer to a probe comes after all that was sent before it was applied.
  for (auto token : x.syncs) {
    transmit(x.connection,
             probe{x.live->numbers(), token, x.live->last_sent()});
    x.asked_syncs.push_back(token);
  }
  x.syncs.clear();
  x.sync_deadline = now_ + config_.probe_time();
  schedule_.changes(x);
}

void session_layer::fail_syncs(std::vector<uint64_t>& tokens) {
  for (auto token : tokens)
    effects_.emplace_back(effect::synced{token, false});
  tokens.clear();
}

void session_layer::leave(contact& x, farewell why) {
  fail_syncs(x.syncs);
  fail_syncs(x.asked_syncs);
  transmit(x.connection,
           goodbye{{x.own_number, x.other.number}, std::move(why)});
  x.live.reset();
  let_go(x);
}

void session_layer::let_go(contact& x) {
  give_time(x, leaving_deadline());
  if (x.peer == nullptr) {
    x.state = phase::leaving;
    return;
  }
  x.peer->leave(x);
  schedule_.changes(*x.peer);
}

time_point session_layer::leaving_deadline() const noexcept {
  // Nobody dials after a stop: its goodbyes have all of its time.
  return stop_deadline_.value_or(now_ + config_.leaving_time());
}

void session_layer::break_off(contact& x, std::string detail) {
  ++counters_.refusals;
  auto was_up = x.state == phase::up;
  if (was_up)
    end_session(x, down_cause::protocol_error, detail);
  leave(x, {down_cause::protocol_error, errc::protocol_error, detail});
  if (!was_up && x.peer != nullptr && x.peer->keeper.wanted())
    fail(*x.peer, {errc::protocol_error, std::move(detail)});
}

void session_layer::drop(contact& x) {
  if (x.peer != nullptr) {
    schedule_.changes(*x.peer);
    x.peer->detach(x);
  }
  schedule_.remove(x);
  if (route_ == &x)
    route_ = nullptr;
  contacts_.erase(x.connection);
}

void session_layer::hang_up(contact& x) {
  effects_.emplace_back(effect::hang_up{x.connection});
  auto peer = x.peer;
  drop(x);
  // A link that was asked for while the old connection was being closed.
  if (peer != nullptr && peer->keeper.wanted() && !peer->keeper.redials())
    redial_later(*peer);
}

void session_layer::fail(peer& x, error why) {
  assert(x.current() == nullptr);
  schedule_.changes(x);
  x.keeper.give_up();
  x.keeper.lose();
  fail_syncs(x.syncs);
  reports_.emplace_back(event::link_failed{x.name(), std::move(why)});
  x.keeper.rest(now_, random_);
}

void session_layer::release_newcomer(peer& x) {
  auto newcomer = x.release();
  if (newcomer == nullptr)
    return;
  newcomer->state = phase::greeting;
  give_time(*newcomer, now_ + config_.setup_time);
  x.adopt(*newcomer);
  say_hello(*newcomer);
}

} // namespace vigil
