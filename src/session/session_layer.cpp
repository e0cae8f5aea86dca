#include "src/session/session_layer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace vigil {

session_layer::session_layer(const session_config& config)
  : config_(config),
    random_state_(config.seed) {
  // Numbers of different lives of one node shall not repeat.
  last_number_ = random() >> 1;
}

session_layer::~session_layer() = default;

void session_layer::set_time(time_point now) {
  now_ = now;
  // Waking up late means that this node was paused, or too busy to listen: its
  // peers get that much longer (contract 21).
  if (!planned_wake_ || now <= *planned_wake_)
    return;
  auto late = now - *planned_wake_;
  for (auto& [connection, x] : contacts_)
    if (x->live)
      x->live->detector().extend(late, now);
  for (auto& [name, state] : peers_)
    if (state.newcomer)
      extend_probe(state, late);
  planned_wake_ = now;
}

void session_layer::handle(const network_event& what) {
  std::visit([this](const auto& x) { on(x); }, what);
}

// -- transport ----------------------------------------------------------------

void session_layer::open_link(node_name peer, bool keep) {
  auto& state = peers_[peer];
  state.kept = state.kept || keep;
  auto current = find(state.current);
  if (state.wanted || (current != nullptr && current->state == phase::up))
    return;
  state.wanted = true;
  state.setup_deadline = now_ + config_.setup_time;
  state.last_failure.reset();
  state.backoff = shortest_backoff;
  state.rest_until.reset();
  if (current == nullptr)
    start_dial(peer);
  else
    // The peer has begun already; its greeting gets the time of this one.
    current->deadline = state.setup_deadline;
}

void session_layer::close_link(node_name peer, const farewell& why) {
  auto& state = peers_[peer];
  if (why.cause == down_cause::requested) {
    state.kept = false;
    state.rest_until.reset();
  }
  if (auto current = find(state.current)) {
    if (current->state == phase::up)
      end_session(*current, why.cause, why.detail);
    leave(*current, why);
  }
  if (state.wanted)
    fail(peer, {why.failure, why.detail});
}

void session_layer::loss_done(node_name peer) {
  auto& state = peers_[peer];
  if (!state.losing)
    return;
  state.losing = false;
  release_newcomer(peer);
  if (state.wanted) {
    state.setup_deadline = now_ + config_.setup_time;
    if (find(state.current) == nullptr && !state.redial_at)
      start_dial(peer);
  } else {
    // Also if a newcomer was released, whose greeting can come to nothing.
    rest_and_retry(peer);
  }
}

bool session_layer::send(node_name peer, const control_message& message) {
  // A contact that is up is the current one of its peer.
  if (route_ == nullptr || route_->peer != peer || route_->state != phase::up) {
    auto i = peers_.find(peer);
    auto current = i != peers_.end() ? find(i->second.current) : nullptr;
    if (current == nullptr || current->state != phase::up)
      return false;
    route_ = current;
  }
  route_->live->send(message);
  return true;
}

// -- link layer ---------------------------------------------------------------

bool session_layer::has_link(node_name peer) const {
  auto i = peers_.find(peer);
  if (i == peers_.end())
    return false;
  auto current = i->second.current ? contacts_.find(*i->second.current)
                                   : contacts_.end();
  return i->second.losing
         || (current != contacts_.end() && current->second->state == phase::up);
}

void session_layer::take_reports(link_listener& listener) {
  if (!reports_.empty())
    report_changes(listener);
  for (const auto& message : received_) {
    listener.on_received(sender_, message);
    if (!reports_.empty())
      report_changes(listener);
  }
  received_.clear();
}

void session_layer::report_changes(link_listener& listener) {
  for (const auto& x : std::exchange(reports_, {})) {
    listener.on_link(x);
    if (!reports_.empty())
      report_changes(listener);
  }
}

void session_layer::stop() {
  stop_deadline_ = now_ + config_.goodbye_time;
  for (auto& [name, state] : peers_) {
    state.wanted = false;
    state.kept = false;
    state.redial_at.reset();
    state.rest_until.reset();
    fail_syncs(state.syncs);
  }
  std::vector<contact*> unfinished;
  for (auto& [connection, x] : contacts_)
    if (x->state == phase::greeting || x->state == phase::held)
      unfinished.push_back(x.get());
  for (auto x : unfinished)
    refuse(*x, {errc::shutdown, {}});
}

void session_layer::flush() {
  for (auto& [connection, x] : contacts_) {
    if (x->state != phase::up)
      continue;
    outbox_.clear();
    x->live->flush(now_, outbox_);
    for (auto& message : outbox_)
      transmit(connection, std::move(message));
    if (!x->syncs.empty() && x->live->drained())
      ask_syncs(*x);
  }
  if (stop_deadline_ && !stopped_)
    finish_stop_if_done();
}

std::optional<time_point> session_layer::next_wake() const {
  std::optional<time_point> result = stopped_ ? std::nullopt : stop_deadline_;
  auto consider = [&](time_point x) {
    if (!result || x < *result)
      result = x;
  };
  for (const auto& [connection, x] : contacts_) {
    if (x->state != phase::up) {
      consider(x->deadline);
      continue;
    }
    consider(x->live->next_tick());
    consider(x->live->detector().next_look(now_));
    if (!x->asked_syncs.empty())
      consider(x->sync_deadline);
  }
  for (const auto& [name, state] : peers_) {
    if (state.wanted)
      consider(state.setup_deadline);
    if (state.redial_at)
      consider(*state.redial_at);
    if (state.rest_until)
      consider(*state.rest_until);
    if (state.newcomer && !state.losing)
      consider(state.probe_deadline);
  }
  return result;
}

void session_layer::take_effects(std::vector<network_effect>& out) {
  planned_wake_ = next_wake();
  // What is overdue by now was made good by `set_time` already.
  if (planned_wake_ && *planned_wake_ < now_)
    planned_wake_ = now_;
  if (out.empty())
    out.swap(effects_);
  else
    out.insert(out.end(), std::make_move_iterator(effects_.begin()),
               std::make_move_iterator(effects_.end()));
  effects_.clear();
}

size_t session_layer::backlog(node_name peer) const {
  auto i = peers_.find(peer);
  if (i == peers_.end() || !i->second.current)
    return 0;
  auto j = contacts_.find(*i->second.current);
  return j != contacts_.end() && j->second->live ? j->second->live->backlog()
                                                 : 0;
}

// -- events -------------------------------------------------------------------

void session_layer::on(const event::connected& x) {
  auto i = dials_.find(x.dial);
  if (i == dials_.end())
    return;
  auto name = i->second;
  dials_.erase(i);
  auto& state = peers_[name];
  // It may come after the attempt was given up, or even during the next.
  if (state.dial == x.dial)
    state.dial.reset();
  if (auto known = find(x.connection)) {
    if (state.wanted && known->introduced && known->peer != name)
      return fail(name, misdialled(name, known->peer.str()));
    // A connection in its last second, under whatever name, is of no use.
    // One that was dialled under another name will be in a moment.
    if (state.wanted && (known->state == phase::leaving || known->peer != name))
      return redial_later(name);
    // The peer has greeted over it already: what follows from that decides.
    return;
  }
  auto current = find(state.current);
  if (current != nullptr || !state.wanted || state.losing) {
    // Not needed any more, or too early. Hanging up could take the current
    // contact with it if both share a socket.
    if (current == nullptr)
      effects_.emplace_back(effect::hang_up{x.connection});
    return;
  }
  auto& fresh = add_contact(x.connection, name, true);
  fresh.deadline = std::min(state.setup_deadline,
                            now_ + config_.greeting_time());
  state.current = x.connection;
  say_hello(fresh);
}

void session_layer::on(const event::dial_failed& x) {
  auto i = dials_.find(x.dial);
  if (i == dials_.end())
    return;
  auto name = i->second;
  dials_.erase(i);
  auto& state = peers_[name];
  if (state.dial != x.dial)
    return;
  state.dial.reset();
  // A greeting that the peer has begun meanwhile may still succeed.
  if (!state.wanted || find(state.current) != nullptr)
    return;
  // A connection that broke may work the next time; one that was refused, or
  // whose address is unknown, is no better a moment later (contract 5).
  if (x.why.code != errc::closed)
    return fail(name, x.why);
  state.last_failure = x.why;
  redial_later(name);
}

void session_layer::on(const event::arrived& x) {
  std::visit([&](const auto& message) { on_message(x.connection, message); },
             x.message);
}

void session_layer::on(const event::disconnected& x) {
  auto lost = find(x.connection);
  if (lost == nullptr)
    return;
  if (lost->state == phase::up)
    end_session(*lost, down_cause::closed, "the connection was closed");
  auto name = lost->peer;
  drop(*lost);
  if (name && peers_[name].wanted)
    redial_later(name);
}

void session_layer::on(const event::timer&) {
  check_contacts();
  check_peers();
}

void session_layer::on(const event::sync& x) {
  auto& state = peers_[x.peer];
  auto current = find(state.current);
  if (current != nullptr && current->state == phase::up)
    current->syncs.push_back(x.token);
  else if (state.wanted)
    state.syncs.push_back(x.token);
  else
    effects_.emplace_back(effect::synced{x.token, false});
}

// -- small things -------------------------------------------------------------

session_layer::contact* session_layer::find(connection_id connection) {
  auto i = contacts_.find(connection);
  return i != contacts_.end() ? i->second.get() : nullptr;
}

session_layer::contact*
session_layer::find(std::optional<connection_id> connection) {
  return connection ? find(*connection) : nullptr;
}

void session_layer::transmit(connection_id connection,
                             session_message message) {
  if (auto x = std::get_if<frame>(&message)) {
    ++counters_.frames_sent;
    counters_.bytes_sent += x->bytes.size();
  } else if (std::holds_alternative<tick>(message)) {
    ++counters_.ticks_sent;
  }
  effects_.emplace_back(effect::transmit{connection, std::move(message)});
}

session_number session_layer::next_number() {
  return session_number{++last_number_};
}

uint64_t session_layer::random() {
  // splitmix64, by Sebastiano Vigna: enough for numbers and jitter.
  auto z = (random_state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

} // namespace vigil
