#include "testkit/net/wire_network.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

namespace vigil::testkit {

using std::chrono::milliseconds;

namespace {

const char* name_of(const hello&) {
  return "hello";
}

const char* name_of(const frame&) {
  return "frame";
}

const char* name_of(const tick&) {
  return "tick";
}

const char* name_of(const probe&) {
  return "probe";
}

const char* name_of(const probe_reply&) {
  return "probe_reply";
}

const char* name_of(const goodbye&) {
  return "goodbye";
}

const char* name_of(const goodbye_ack&) {
  return "goodbye_ack";
}

const char* name_of(const parcel& x) {
  if (x.load)
    return "message of an actor";
  return std::visit([](const auto& y) { return name_of(y); }, x.message);
}

} // namespace

wire_network::wire_network(testkit::world& world, address_book who_listens)
  : world_(world),
    who_listens_(std::move(who_listens)) {
  // nop
}

wire_network::~wire_network() = default;

// -- for nodes ----------------------------------------------------------------

void wire_network::dial(station& from, const effect::dial& x) {
  auto& sky = world_.sky;
  auto& random = world_.random;
  auto delay = random.between(sky.min_dial, sky.latency * 2);
  auto fail = [&](const char* kind, timespan when, errc why) {
    world_.count(kind);
    world_.sky.disturb(from.place(), world_.clock.now());
    world_.clock.in(when, [&from, x, why] {
      from.post(event::dial_failed{x.dial, {why, {}}});
    });
  };
  if (random.chance(sky.dial_refused))
    return fail("dial refused", delay, errc::refused);
  if (random.chance(sky.dial_closed))
    return fail("dial closed", delay, errc::closed);
  if (random.chance(sky.dial_lost))
    return fail("dial lost", x.deadline - world_.clock.now(),
                errc::setup_timeout);
  if (random.chance(sky.dial_slow)) {
    world_.count("dial slow");
    world_.sky.disturb(from.place(), world_.clock.now());
    auto left = x.deadline - world_.clock.now();
    delay = random.between(delay, left + left / 8);
  }
  world_.clock.in(delay, [this, &from, x] { attempt(from, x); });
}

void wire_network::attempt(station& from, const effect::dial& x) {
  if (!from.running())
    return;
  auto& sky = world_.sky;
  auto now = world_.clock.now();
  if (now >= x.deadline)
    return from.post(
      event::dial_failed{x.dial, {errc::setup_timeout, "simulated"}});
  auto to = who_listens_(x.peer);
  if (to == nullptr || to == &from)
    return from.post(event::dial_failed{x.dial, {errc::refused, "simulated"}});
  auto unreachable = sky.is_cut(from.place(), to->place())
                     || sky.is_cut(to->place(), from.place()) || to->paused();
  if (unreachable) {
    auto again = std::min(now + milliseconds{50}, x.deadline);
    return world_.clock.at(again, [this, &from, x] { attempt(from, x); });
  }
  auto& fresh = join(from, *to);
  auto id = find(fresh, 0)->id;
  from.post(event::connected{x.dial, id});
  if (world_.random.chance(sky.closed_at_once)) {
    world_.count("connection closed at once");
    world_.clock.in(world_.random.between({}, sky.latency * 4), [this, &fresh] {
      disturb(fresh);
      close_end(fresh, world_.random.below(2), true);
    });
  }
}

void wire_network::transmit(station& from, connection_id over, parcel x) {
  auto to = find(from, over);
  if (to == nullptr)
    return;
  auto& used = *to->preferred;
  put(used, end_of(used, from), std::move(x));
}

station* wire_network::peer_of(const station& from, connection_id x) {
  auto over = find(from, x);
  if (over == nullptr)
    return nullptr;
  auto& used = *over->preferred;
  return used.ends[1 - end_of(used, from)];
}

void wire_network::hang_up(station& from, connection_id x) {
  // Done by another thread, a little later; what comes until then still comes.
  auto delay = world_.random.between({}, world_.sky.hang_up);
  world_.clock.in(delay, [this, &from, x] {
    auto gone = find(from, x);
    if (gone == nullptr)
      return;
    auto sockets = world_.sky.greedy_hang_up ? beside(*gone) : gone->wires;
    for (auto socket : sockets)
      close_end(*socket, end_of(*socket, from), true);
  });
}

void wire_network::vanish(station& x, bool silently) {
  for (auto& socket : wires_)
    for (size_t end = 0; end < 2; ++end)
      if (socket->ends[end] == &x && socket->open[end])
        close_end(*socket, end, !silently);
}

std::array<connection_id, 2> wire_network::connect(station& x, station& y) {
  auto& fresh = join(x, y);
  return {find(fresh, 0)->id, find(fresh, 1)->id};
}

// -- wires --------------------------------------------------------------------

size_t wire_network::end_of(const wire& x, const station& node) {
  return x.ends[0] == &node ? 0 : 1;
}

wire_network::channel_key wire_network::key_of(const wire& x,
                                               size_t end) const {
  auto local = x.ends[end]->id();
  if (world_.sky.collapse)
    return {local, x.ends[1 - end]->id()};
  // No life has so high a number.
  return {local, 1000000 + x.number};
}

wire_network::channel* wire_network::find(const wire& x, size_t end) {
  auto i = channels_.find(key_of(x, end));
  return i != channels_.end() ? &i->second : nullptr;
}

wire_network::channel* wire_network::find(const station& local,
                                          connection_id id) {
  auto key = keys_.find(id);
  if (key == keys_.end())
    return nullptr;
  auto& found = channels_.at(key->second);
  return found.local == &local ? &found : nullptr;
}

wire_network::wire& wire_network::make_wire(station& x, station& y) {
  wires_.push_back(std::make_unique<wire>());
  wires_.back()->number = wires_.size();
  wires_.back()->ends = {&x, &y};
  return *wires_.back();
}

wire_network::wire& wire_network::join(station& x, station& y) {
  auto& fresh = make_wire(x, y);
  attach(fresh, 0);
  attach(fresh, 1);
  return fresh;
}

std::vector<wire_network::wire*> wire_network::beside(const channel& x) const {
  const auto& local = *x.local;
  auto peer = x.preferred->ends[1 - end_of(*x.preferred, local)];
  std::vector<wire*> result;
  for (auto& socket : wires_) {
    auto end = end_of(*socket, local);
    if (socket->ends[end] == &local && socket->ends[1 - end] == peer
        && socket->open[end])
      result.push_back(socket.get());
  }
  return result;
}

void wire_network::attach(wire& x, size_t end) {
  auto& joined = channels_[key_of(x, end)];
  if (joined.wires.empty()) {
    joined.id = connection_id{++last_connection_};
    keys_.emplace(joined.id, key_of(x, end));
    joined.local = x.ends[end];
    joined.preferred = &x;
  } else {
    world_.count("second socket");
    if (world_.random.chance(world_.sky.takeover)) {
      joined.preferred = &x;
      disturb(x);
    }
  }
  joined.wires.push_back(&x);
}

void wire_network::put(wire& x, size_t from, std::optional<parcel> what) {
  auto& way = x.lanes[from];
  auto& sky = world_.sky;
  if (what && sky.lost != 0 && world_.random.chance(sky.lost))
    return world_.count_between("message lost", *x.ends[from],
                                *x.ends[1 - from], name_of(*what));
  auto delay = world_.random.between(sky.min_latency, sky.latency)
               + sky.delay(x.ends[from]->place(), x.ends[1 - from]->place());
  if (world_.random.chance(sky.hiccup)) {
    world_.count("delay");
    disturb(x);
    delay += world_.random.between({}, sky.latency * 60);
  }
  auto when = std::max(way.last, world_.clock.now() + delay);
  if (what && sky.reset != 0 && world_.random.chance(sky.reset)) {
    world_.count("socket reset");
    world_.clock.at(when, [this, &x] { reset(x); });
  }
  if (what && sky.goodbye_overtakes) {
    auto farewell = std::get_if<goodbye>(&what->message);
    if (farewell != nullptr && farewell->why.cause == down_cause::shutdown) {
      when = world_.clock.now() + sky.latency / 4;
      way.queue.emplace_front(when, std::move(what));
      return world_.clock.at(when, [this, &x, from] { pump(x, from); });
    }
  }
  way.last = when;
  way.queue.emplace_back(when, std::move(what));
  world_.clock.at(when, [this, &x, from] { pump(x, from); });
}

void wire_network::pump(wire& x, size_t from) {
  auto& queue = x.lanes[from].queue;
  auto to = 1 - from;
  while (!queue.empty() && queue.front().first <= world_.clock.now()) {
    if (world_.sky.is_cut(x.ends[from]->place(), x.ends[to]->place()))
      return;
    auto what = std::move(queue.front().second);
    queue.pop_front();
    if (what)
      deliver(x, to, std::move(*what));
    else if (x.open[to])
      close_end(x, to, false);
  }
}

void wire_network::deliver(wire& x, size_t to, parcel what) {
  auto& receiver = *x.ends[to];
  auto joined = find(x, to);
  if (x.open[to] && joined != nullptr) {
    if (what.load)
      return receiver.post_freight(joined->id, std::move(*what.load),
                                   what.mark.sender);
    return receiver.post_message(joined->id, std::move(what.message),
                                 what.mark);
  }
  disturb(x);
  world_.count_between("message lost with its socket", *x.ends[1 - to],
                       receiver, name_of(what));
  // A message that waited in a mailbox while its connection ended introduces
  // that as a new one, which is gone at once.
  if (!what.load && receiver.running()
      && world_.random.chance(world_.sky.late)) {
    world_.count("message after the end of its socket");
    connection_id late{++last_connection_};
    receiver.post_message(late, std::move(what.message), what.mark);
    receiver.post(event::disconnected{late});
  }
}

void wire_network::close_end(wire& x, size_t end, bool tell) {
  if (!x.open[end])
    return;
  x.open[end] = false;
  auto key = key_of(x, end);
  auto i = channels_.find(key);
  if (i != channels_.end()) {
    auto& joined = i->second;
    auto& wires = joined.wires;
    wires.erase(std::remove(wires.begin(), wires.end(), &x), wires.end());
    if (wires.empty()) {
      auto id = joined.id;
      channels_.erase(i);
      keys_.erase(id);
      x.ends[end]->post(event::disconnected{id});
    } else if (joined.preferred == &x) {
      joined.preferred = wires.back();
      disturb(x);
    }
  }
  if (!tell)
    return;
  // What the system has not written yet may be lost.
  if (world_.random.chance(world_.sky.unsent)) {
    world_.count("messages lost by closing");
    x.lanes[end].queue.clear();
    disturb(x);
  }
  put(x, end, std::nullopt);
}

} // namespace vigil::testkit
