#include "src/session/session_layer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace vigil {

session_layer::session_layer(const session_config& config, work_meter& meter)
  : config_(config),
    meter_(meter),
    random_(config.seed) {
  // Numbers of different lives of one node shall not repeat.
  last_number_ = random_() >> 1;
}

session_layer::~session_layer() = default;

void session_layer::set_time(time_point now) {
  now_ = now;
  // Waking up late means that this node was paused, or too busy to listen: its
  // peers get that much longer (contract 21).
  if (!planned_wake_ || now <= *planned_wake_)
    return;
  extend_patience(now - *planned_wake_);
  planned_wake_ = now;
}

void session_layer::handle(const network_event& what) {
  std::visit([this](const auto& x) { on(x); }, what);
}

// -- transport ----------------------------------------------------------------

void session_layer::open_link(node_name peer, bool keep) {
  auto& x = meet(peer);
  if (keep)
    x.keeper.keep();
  if (x.keeper.wanted() || x.live() != nullptr)
    return;
  x.keeper.want(now_ + config_.setup_time);
  if (x.current() == nullptr)
    start_dial(x);
  else
    // The peer has begun already; its greeting gets the time of this one.
    give_time(*x.current(), x.keeper.deadline());
}

void session_layer::close_link(node_name peer, const farewell& why) {
  auto& x = meet(peer);
  if (why.cause == down_cause::requested)
    x.keeper.release();
  if (auto current = x.current()) {
    if (current->state == phase::up) {
      // What was held back only because more was to come.
      session::flush_terms terms;
      terms.large_frame_granted = false;
      flush(*current, terms);
      end_session(*current, why.cause, why.detail);
    }
    leave(*current, why);
  }
  if (x.keeper.wanted())
    fail(x, {why.failure, why.detail});
}

void session_layer::loss_done(node_name peer) {
  auto& x = meet(peer);
  if (!x.keeper.losing())
    return;
  x.keeper.loss_done(now_ + config_.setup_time);
  release_newcomer(x);
  if (!x.keeper.wanted())
    // Also if a newcomer was released, whose greeting can come to nothing.
    x.keeper.rest(now_, random_);
  else if (x.current() == nullptr && !x.keeper.redials())
    start_dial(x);
}

bool session_layer::send(node_name peer, const control_message& message) {
  if (route_ == nullptr || route_->other.name != peer
      || route_->state != phase::up) {
    auto x = find(peer);
    auto live = x != nullptr ? x->live() : nullptr;
    if (live == nullptr)
      return false;
    route_ = live;
  }
  schedule_.sends(*route_);
  route_->live->send(message, meter_);
  return true;
}

// -- link layer ---------------------------------------------------------------

bool session_layer::has_link(node_name peer) const {
  auto x = find(peer);
  return x != nullptr && (x->live() != nullptr || x->keeper.losing());
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
  for (auto x : all_peers()) {
    x->keeper.give_up();
    x->keeper.release();
    schedule_.changes(*x);
    fail_syncs(x->syncs);
  }
  std::vector<contact*> unfinished;
  for (auto& [connection, x] : contacts_)
    if (x->state == phase::greeting || x->state == phase::held)
      unfinished.push_back(x.get());
  for (auto x : unfinished)
    refuse(*x, {errc::shutdown, {}});
}

bool session_layer::flush(bool more_comes) {
  session::flush_terms terms;
  terms.more_comes = more_comes;
  auto late = schedule_.for_each_sender([&](contact& x) {
    if (x.state != phase::up)
      return session::waiting::nothing;
    auto result = flush(x, terms);
    if (!x.syncs.empty() && x.live->drained())
      ask_syncs(x);
    tell_if_full(x);
    return result;
  });
  if (stop_deadline_ && !stopped_)
    finish_stop_if_done();
  forget_idle_peers();
  next_wake_ = schedule_.settle(now_, [this](contact& x) { return due_of(x); });
  if (stop_deadline_ && !stopped_
      && (!next_wake_ || *stop_deadline_ < *next_wake_))
    next_wake_ = stop_deadline_;
  planned_wake_ = next_wake_;
  // What is overdue by now was made good by `set_time` already.
  if (planned_wake_ && *planned_wake_ < now_)
    planned_wake_ = now_;
  return late;
}

session::waiting session_layer::flush(contact& x, session::flush_terms& terms) {
  outbox_.clear();
  auto result = x.live->flush(now_, outbox_, meter_, terms);
  for (auto& message : outbox_)
    transmit(x.connection, std::move(message));
  return result;
}

void session_layer::take_effects(std::vector<network_effect>& out) {
  if (out.empty())
    out.swap(effects_);
  else
    out.insert(out.end(), std::make_move_iterator(effects_.begin()),
               std::make_move_iterator(effects_.end()));
  effects_.clear();
}

uint64_t session_layer::backlog(node_name peer) const {
  auto x = find(peer);
  auto live = x != nullptr ? x->live() : nullptr;
  return live != nullptr ? live->live->backlog() : 0;
}

std::optional<connection_id>
session_layer::connection_of(node_name peer) const {
  auto x = find(peer);
  auto live = x != nullptr ? x->live() : nullptr;
  if (live == nullptr)
    return std::nullopt;
  return live->connection;
}

// -- events -------------------------------------------------------------------

void session_layer::on(const event::connected& x) {
  auto i = dials_.find(x.dial);
  if (i == dials_.end())
    return;
  auto& peer = meet(i->second);
  dials_.erase(i);
  auto& keeper = peer.keeper;
  // It may come after the attempt was given up, or even during the next.
  if (keeper.dial == x.dial)
    keeper.dial.reset();
  if (auto known = find(x.connection)) {
    if (keeper.wanted() && peer.current() == nullptr && known->introduced
        && known->peer != &peer)
      return fail(peer, misdialled(peer.name(), known->peer->text()));
    // A connection in its last second, under whatever name, is of no use.
    // One that was dialled under another name will be in a moment.
    if (keeper.wanted()
        && (known->state == phase::leaving || known->peer != &peer))
      return redial_later(peer);
    // The peer has greeted over it already: what follows from that decides.
    return;
  }
  if (peer.current() != nullptr || !keeper.wanted() || keeper.losing()) {
    // Not needed any more, or too early. Hanging up could take the current
    // contact with it if both share a socket.
    if (peer.current() == nullptr)
      effects_.emplace_back(effect::hang_up{x.connection});
    return;
  }
  auto& fresh = add_contact(x.connection, true);
  peer.adopt(fresh);
  give_time(fresh, std::min(keeper.deadline(), now_ + config_.greeting_time()));
  say_hello(fresh);
}

void session_layer::on(const event::dial_failed& x) {
  auto i = dials_.find(x.dial);
  if (i == dials_.end())
    return;
  auto& peer = meet(i->second);
  dials_.erase(i);
  auto& keeper = peer.keeper;
  if (keeper.dial != x.dial)
    return;
  keeper.dial.reset();
  // A greeting that the peer has begun meanwhile may still succeed.
  if (!keeper.wanted() || peer.current() != nullptr)
    return;
  // A connection that broke may work the next time; one that was refused, or
  // whose address is unknown, is no better a moment later (contract 5).
  if (x.why.code != errc::closed)
    return fail(peer, x.why);
  keeper.note_failure(x.why);
  redial_later(peer);
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
  auto peer = lost->peer;
  drop(*lost);
  if (peer == nullptr || !peer->keeper.wanted())
    return;
  // Those who have the same id live, or seem to: one may be gone in a moment.
  if (x.misled)
    peer->keeper.note_failure({errc::duplicate_id, "dialled " + peer->text()});
  redial_later(*peer);
}

void session_layer::on(const event::timer&) {
  // Handling one contact may remove others.
  for (auto connection : schedule_.take_due_contacts(now_))
    if (auto x = find(connection))
      check_contact(*x);
  for (auto x : schedule_.take_due_peers(now_))
    check_peer(*x);
}

void session_layer::on(const event::sync& x) {
  auto& peer = meet(x.peer);
  if (auto live = peer.live()) {
    live->syncs.push_back(x.token);
    schedule_.sends(*live);
  } else if (peer.keeper.wanted()) {
    peer.syncs.push_back(x.token);
  } else {
    effects_.emplace_back(effect::synced{x.token, false});
  }
}

// -- small things -------------------------------------------------------------

contact* session_layer::find(connection_id connection) {
  auto i = contacts_.find(connection);
  return i != contacts_.end() ? i->second.get() : nullptr;
}

peer& session_layer::meet(node_name name) {
  auto& x = meet(name.str());
  x.set_name(name);
  return x;
}

peer& session_layer::meet(std::string_view text) {
  auto i = peers_.find(text);
  if (i == peers_.end()) {
    auto x = std::make_unique<peer>(text);
    std::string_view key = x->text();
    i = peers_.emplace(key, std::move(x)).first;
  }
  // Whoever asks for it that way changes it.
  schedule_.changes(*i->second);
  return *i->second;
}

const peer* session_layer::find(node_name name) const {
  auto i = peers_.find(name.str());
  return i != peers_.end() ? i->second.get() : nullptr;
}

void session_layer::tell_if_full(contact& x) {
  auto full = x.live->backlog() >= config_.max_backlog;
  if (std::exchange(x.full, full) != full)
    effects_.emplace_back(effect::link_full{x.other.name, full});
}

std::vector<peer*> session_layer::all_peers() const {
  std::vector<peer*> result;
  result.reserve(peers_.size());
  for (auto& [text, x] : peers_)
    result.push_back(x.get());
  std::sort(result.begin(), result.end(),
            [](auto x, auto y) { return x->text() < y->text(); });
  return result;
}

void session_layer::forget_idle_peers() {
  for (auto x : schedule_.take_idle_peers()) {
    probing_.erase(std::remove(probing_.begin(), probing_.end(), x),
                   probing_.end());
    peers_.erase(x->text());
  }
  // Whatever makes a peer idle has to tell the schedule.
  assert(std::none_of(peers_.begin(), peers_.end(),
                      [](const auto& x) { return x.second->idle(); }));
}

void session_layer::give_time(contact& x, time_point deadline) {
  x.deadline = deadline;
  schedule_.changes(x);
}

void session_layer::transmit(connection_id connection,
                             session_message message) {
  if (auto x = std::get_if<frame>(&message)) {
    ++counters_.frames_sent;
    counters_.bytes_sent += x->bytes.size();
  } else if (std::holds_alternative<tick>(message)) {
    ++counters_.ticks_sent;
  }
  meter_.add(1);
  effects_.emplace_back(effect::transmit{connection, std::move(message)});
}

session_number session_layer::next_number() {
  return session_number{++last_number_};
}

} // namespace vigil
