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
  x.state = phase::leaving;
  x.deadline = now_ + config_.goodbye_time;
  auto name = x.peer;
  auto& state = peers_[name];
  state.current.reset();
  state.losing = true;
  // A session that lasted shows that there is no reason to rest for long.
  if (now_ - x.up_since >= state.rest)
    state.rest = shortest_rest;
  fail_syncs(x.syncs);
  fail_syncs(x.asked_syncs);
  reports_.emplace_back(
    event::link_down{name, cause, std::move(detail), silence, detection});
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
  x.state = phase::leaving;
  x.deadline = now_ + config_.goodbye_time;
  if (!x.peer)
    return;
  auto& state = peers_[x.peer];
  if (state.current == x.connection)
    state.current.reset();
  if (state.newcomer == x.connection)
    state.newcomer.reset();
}

void session_layer::break_off(contact& x, std::string detail) {
  ++counters_.refusals;
  auto name = x.peer;
  auto was_up = x.state == phase::up;
  if (was_up)
    end_session(x, down_cause::protocol_error, detail);
  leave(x, {down_cause::protocol_error, errc::protocol_error, detail});
  if (!was_up && name && peers_[name].wanted)
    fail(name, {errc::protocol_error, std::move(detail)});
}

void session_layer::drop(contact& x) {
  if (x.peer) {
    auto& state = peers_[x.peer];
    if (state.current == x.connection)
      state.current.reset();
    if (state.newcomer == x.connection)
      state.newcomer.reset();
  }
  if (route_ == &x)
    route_ = nullptr;
  contacts_.erase(x.connection);
}

void session_layer::hang_up(contact& x) {
  effects_.emplace_back(effect::hang_up{x.connection});
  auto name = x.peer;
  drop(x);
  // A link that was asked for while the old connection was being closed.
  if (name && peers_[name].wanted && !peers_[name].redial_at)
    redial_later(name);
}

void session_layer::fail(node_name name, error why) {
  auto& state = peers_[name];
  state.wanted = false;
  state.redial_at.reset();
  state.dial.reset();
  fail_syncs(state.syncs);
  reports_.emplace_back(event::link_failed{name, std::move(why)});
  rest_and_retry(name);
}

void session_layer::release_newcomer(node_name name) {
  auto& state = peers_[name];
  auto x = find(std::exchange(state.newcomer, std::nullopt));
  if (x == nullptr)
    return;
  x->state = phase::greeting;
  x->deadline = now_ + config_.setup_time;
  state.current = x->connection;
  say_hello(*x);
}

} // namespace vigil
