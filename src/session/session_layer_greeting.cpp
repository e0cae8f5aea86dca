// How two nodes become acquainted: the part of the session layer that leads
// from a connection to a session, or to a refusal.

#include "src/session/session_layer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace vigil {

contact& session_layer::add_contact(connection_id connection, bool dialled) {
  auto x = std::make_unique<contact>();
  x->connection = connection;
  x->dialled = dialled;
  x->own_number = next_number();
  give_time(*x, now_ + config_.setup_time);
  return *(contacts_[connection] = std::move(x));
}

bool session_layer::is_older(const hello& x, const contact& other) {
  // Within one life of a node its numbers only grow.
  return other.introduced && x.being == other.other.being
         && x.numbers.sender < other.other.number;
}

void session_layer::say_hello(contact& x) {
  using std::chrono::milliseconds;
  hello greeting;
  greeting.name = config_.self.str();
  greeting.life = config_.life;
  greeting.being = config_.being;
  greeting.numbers = {x.own_number, x.other.number};
  greeting.tick_time = static_cast<uint32_t>(
    std::chrono::duration_cast<milliseconds>(config_.tick_time).count());
  transmit(x.connection, std::move(greeting));
}

void session_layer::on_message(connection_id from, const hello& x) {
  auto known = find(from);
  if (known != nullptr && known->introduced
      && known->other.number == x.numbers.sender) {
    if (known->state == phase::greeting
        && x.numbers.receiver == known->own_number)
      return come_up(*known);
    if (known->state == phase::up && x.numbers.receiver == known->own_number)
      return break_off(*known, "said hello twice in one session");
    // An echo of a number that this side has given up.
    ++counters_.stale;
    return;
  }
  if (known != nullptr && known->introduced && is_older(x, *known)) {
    // It was on its way, or in a connection that is gone, when the peer began
    // what goes on now.
    ++counters_.stale;
    return;
  }
  if (known != nullptr && known->state == phase::greeting && known->introduced
      && known->other.being == x.being
      && x.numbers.receiver == session_number{})
    // It has given up and dialled again, so that our answer has not arrived,
    // and the next would go the same way. Without this connection its dial is
    // repeated, and leads to one that carries both ways.
    return hang_up(*known);
  if (known != nullptr && known->state == phase::up) {
    // The peer has begun anew on a connection that it believed, or made, new:
    // the session it had is over.
    auto same = known->other.being == x.being;
    end_session(*known, same ? down_cause::closed : down_cause::restarted,
                "the node has begun another session");
  }
  if (known != nullptr && known->state == phase::leaving) {
    drop(*known);
    known = nullptr;
  }
  // A number that is being exchanged stays: if each side answered a new number
  // with another, they would never agree.
  introduce(known != nullptr ? *known : add_contact(from, false), x);
}

error session_layer::misdialled(node_name wanted, std::string_view reached) {
  return {errc::wrong_name, "dialled " + to_string(wanted) + ", but reached "
                              + std::string{reached}};
}

error session_layer::too_many_names() {
  return {errc::system_limit, "this node knows too many names"};
}

std::optional<error> session_layer::object_to(const contact& x,
                                              const hello& greeting) const {
  if (greeting.lowest_version > highest_protocol_version
      || greeting.highest_version < lowest_protocol_version)
    return error{
      errc::version_mismatch,
      "this node speaks version " + std::to_string(highest_protocol_version)
        + ", the other versions " + std::to_string(greeting.lowest_version)
        + " to " + std::to_string(greeting.highest_version)};
  if (!valid(greeting))
    return error{errc::protocol_error, "malformed hello"};
  if (x.peer != nullptr && greeting.name != x.peer->text())
    return misdialled(x.peer->name(), greeting.name);
  if (greeting.name == config_.self.str())
    return error{errc::duplicate_name, greeting.name};
  if (stop_deadline_)
    return error{errc::shutdown, {}};
  if (!node_name::can_learn(greeting.name))
    return too_many_names();
  return std::nullopt;
}

void session_layer::introduce(contact& x, const hello& greeting) {
  x.other.number = greeting.numbers.sender;
  if (auto objection = object_to(x, greeting))
    return refuse(x, std::move(*objection));
  auto& peer = meet(greeting.name);
  x.introduced = true;
  x.state = phase::greeting;
  peer.attach(x);
  x.other.life = greeting.life;
  x.other.being = greeting.being;
  x.other.tick_time = std::chrono::milliseconds{greeting.tick_time};
  auto other = peer.current();
  if (peer.keeper.losing()) {
    hold(x, nullptr);
  } else if (other == nullptr || other == &x) {
    peer.adopt(x);
    say_hello(x);
    if (greeting.numbers.receiver == x.own_number)
      come_up(x);
  } else if (other->state == phase::up) {
    hold(x, other);
  } else if (is_older(greeting, *other)) {
    refuse(x, {errc::already_connected, {}});
  } else {
    compete(x, *other);
  }
}

void session_layer::compete(contact& x, contact& other) {
  // Two greetings with one node at once. Where each side has dialled the other,
  // both must choose the same connection: that of the greater name.
  if (other.dialled && !other.introduced && x.peer->text() < config_.self.str())
    return refuse(x, {errc::already_connected, {}});
  leave(other, {down_cause::refused, errc::already_connected, {}});
  x.peer->adopt(x);
  say_hello(x);
}

void session_layer::hold(contact& x, contact* live) {
  auto& peer = *x.peer;
  if (peer.newcomer() != nullptr && peer.newcomer() != &x)
    return refuse(x, {errc::already_connected, {}});
  if (live == nullptr)
    return peer.hold(x);
  if (std::find(probing_.begin(), probing_.end(), &peer) == probing_.end())
    probing_.push_back(&peer);
  auto token = random_();
  peer.hold(x, now_ + config_.probe_time(), token);
  transmit(live->connection,
           probe{live->live->numbers(), token, live->live->last_sent()});
}

void session_layer::come_up(contact& x) {
  // There may have been room when it said hello, and others came up first.
  auto name = node_name::learn(x.peer->text());
  if (!name)
    return refuse(x, too_many_names());
  x.peer->set_name(*name);
  x.other.name = *name;
  session_end self{config_.self, config_.life, config_.being, x.own_number,
                   config_.tick_time};
  x.state = phase::up;
  x.live = std::make_unique<session>(
    self, x.other, config_.make_detector(config_.tick_time, now_), now_);
  x.up_since = now_;
  x.lateness = lateness_;
  schedule_.changes(x);
  schedule_.sends(x);
  schedule_.changes(*x.peer);
  assert(!x.peer->keeper.losing());
  x.peer->keeper.come_up();
  x.syncs = std::exchange(x.peer->syncs, {});
  ++counters_.sessions;
  reports_.emplace_back(event::link_up{x.peer->name(), x.other.life});
}

void session_layer::refuse(contact& x, error why) {
  ++counters_.refusals;
  auto was_current = x.peer != nullptr && x.peer->current() == &x;
  auto cause = why.code == errc::shutdown ? down_cause::shutdown
                                          : down_cause::refused;
  leave(x, {cause, why.code, why.detail});
  if (was_current && x.peer->keeper.wanted())
    fail(*x.peer, std::move(why));
}

} // namespace vigil
