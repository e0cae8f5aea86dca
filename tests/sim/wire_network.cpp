#include "tests/sim/wire_network.hpp"

#include "tests/sim/sim_context.hpp"
#include "tests/sim/sim_node.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace vigil::sim {

using std::chrono::microseconds;
using std::chrono::milliseconds;

wire_network::wire_network(sim_context& context, address_book who_listens)
  : context_(context),
    who_listens_(std::move(who_listens)) {
  // nop
}

wire_network::~wire_network() = default;

// -- for nodes ----------------------------------------------------------------

void wire_network::dial(sim_node& from, const effect::dial& x) {
  auto& sky = context_.sky;
  auto& random = context_.random;
  auto delay = random.between(microseconds{50}, sky.latency * 2);
  auto fail = [&](const char* kind, timespan when, errc why) {
    context_.log.count(kind);
    context_.sky.disturb(from.place(), context_.clock.now());
    context_.clock.in(when, [&from, x, why] {
      from.post(event::dial_failed{x.dial, {why, {}}});
    });
  };
  if (random.chance(sky.dial_refused))
    return fail("dial refused", delay, errc::refused);
  if (random.chance(sky.dial_closed))
    return fail("dial closed", delay, errc::closed);
  if (random.chance(sky.dial_lost))
    return fail("dial lost", x.deadline - context_.clock.now(),
                errc::setup_timeout);
  if (random.chance(sky.dial_slow)) {
    context_.log.count("dial slow");
    context_.sky.disturb(from.place(), context_.clock.now());
    auto left = x.deadline - context_.clock.now();
    delay = random.between(delay, left + left / 8);
  }
  context_.clock.in(delay, [this, &from, x] { attempt(from, x); });
}

void wire_network::attempt(sim_node& from, const effect::dial& x) {
  if (!from.running())
    return;
  auto& sky = context_.sky;
  auto now = context_.clock.now();
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
    return context_.clock.at(again, [this, &from, x] { attempt(from, x); });
  }
  auto& fresh = make_wire(from, *to);
  attach(fresh, 0);
  attach(fresh, 1);
  auto id = find(fresh, 0)->id;
  from.post(event::connected{x.dial, id});
  if (context_.random.chance(sky.closed_at_once)) {
    context_.log.count("connection closed at once");
    context_.clock.in(context_.random.between({}, sky.latency * 4),
                      [this, &fresh] {
                        disturb(fresh);
                        close_end(fresh, context_.random.below(2), true);
                      });
  }
}

void wire_network::transmit(sim_node& from, connection_id over, parcel x) {
  auto to = find(from, over);
  if (to == nullptr)
    return;
  auto& used = *to->preferred;
  put(used, end_of(used, from), std::move(x));
}

sim_node* wire_network::peer_of(const sim_node& from, connection_id x) {
  auto over = find(from, x);
  if (over == nullptr)
    return nullptr;
  auto& used = *over->preferred;
  return used.ends[1 - end_of(used, from)];
}

void wire_network::hang_up(sim_node& from, connection_id x) {
  // Done by another thread, a little later; what comes until then still comes.
  context_.clock.in(context_.random.between({}, milliseconds{1}),
                    [this, &from, x] {
                      auto gone = find(from, x);
                      if (gone == nullptr)
                        return;
                      auto sockets = gone->wires;
                      for (auto socket : sockets)
                        close_end(*socket, end_of(*socket, from), true);
                    });
}

void wire_network::vanish(sim_node& x, bool silently) {
  for (auto& socket : wires_)
    for (size_t end = 0; end < 2; ++end)
      if (socket->ends[end] == &x && socket->open[end])
        close_end(*socket, end, !silently);
}

// -- faults -------------------------------------------------------------------

wire_network::wire* wire_network::some_wire() {
  std::vector<wire*> candidates;
  for (auto& x : wires_)
    if (x->open[0] && x->open[1])
      candidates.push_back(x.get());
  return candidates.empty() ? nullptr : context_.random.pick(candidates);
}

bool wire_network::close_some() {
  auto x = some_wire();
  if (x == nullptr)
    return false;
  disturb(*x);
  auto end = context_.random.below(2);
  auto how = context_.random.below(4);
  context_.note([&] {
    return "-- close a socket between " + x->ends[0]->label() + " and "
           + x->ends[1]->label() + ", way " + std::to_string(how);
  });
  if (how == 0) {
    context_.log.count("socket closed, one side notices");
    close_end(*x, end, false);
    if (context_.random.chance(500))
      context_.clock.in(context_.random.between({}, std::chrono::seconds{5}),
                        [this, x, end] {
                          disturb(*x);
                          close_end(*x, 1 - end, false);
                        });
  } else if (how == 1) {
    context_.log.count("socket reset");
    close_end(*x, 0, false);
    close_end(*x, 1, false);
  } else {
    context_.log.count("socket closed");
    close_end(*x, end, true);
  }
  return true;
}

bool wire_network::replace_some() {
  auto x = some_wire();
  if (x == nullptr)
    return false;
  disturb(*x);
  context_.note([&] {
    return "-- another socket between " + x->ends[0]->label() + " and "
           + x->ends[1]->label();
  });
  auto& fresh = make_wire(*x->ends[0], *x->ends[1]);
  for (size_t end = 0; end < 2; ++end) {
    // The channel is the same: one socket joins it before the other leaves. The
    // table of a network without proxies is told so here.
    auto& joined = *find(*x, end);
    if (!context_.sky.collapse) {
      channels_.emplace(key_of(fresh, end), joined);
      channels_.erase(key_of(*x, end));
    }
    auto& moved = *find(fresh, end);
    std::replace(moved.wires.begin(), moved.wires.end(), x, &fresh);
    moved.preferred = &fresh;
    x->open[end] = false;
    auto& old = x->lanes[end].queue;
    switch (context_.random.below(4)) {
      case 0:
        context_.log.count("socket replaced, messages lost");
        break;
      case 1:
        context_.log.count("socket replaced, messages repeated");
        for (auto& entry : old)
          if (entry.second) {
            put(fresh, end, entry.second);
            if (context_.random.chance(500))
              put(fresh, end, entry.second);
          }
        break;
      case 2:
        context_.log.count("socket replaced, messages reordered");
        for (auto i = old.rbegin(); i != old.rend(); ++i)
          if (i->second)
            put(fresh, end, std::move(i->second));
        break;
      case 3:
        context_.log.count("socket replaced, messages late");
        for (auto& entry : old)
          if (entry.second)
            context_.clock.in(
              context_.random.between({}, context_.sky.latency * 20),
              [this, &fresh, end, what = *entry.second] {
                if (fresh.open[end])
                  put(fresh, end, what);
              });
        break;
    }
    old.clear();
  }
  return true;
}

bool wire_network::switch_some() {
  std::vector<channel*> candidates;
  for (auto& [key, x] : channels_)
    if (x.wires.size() > 1)
      candidates.push_back(&x);
  if (candidates.empty())
    return false;
  auto x = context_.random.pick(candidates);
  x->preferred = context_.random.pick(x->wires);
  disturb(*x->preferred);
  context_.log.count("switched to another socket");
  context_.note(
    [&] { return "-- " + x->local->label() + " switches sockets"; });
  return true;
}

void wire_network::thaw() {
  for (size_t i = 0; i < wires_.size(); ++i)
    for (size_t end = 0; end < 2; ++end)
      pump(*wires_[i], end);
}

void wire_network::disturb(const wire& x) {
  context_.sky.disturb(x.ends[0]->place(), x.ends[1]->place(),
                       context_.clock.now());
}

// -- wires --------------------------------------------------------------------

size_t wire_network::end_of(const wire& x, const sim_node& node) {
  return x.ends[0] == &node ? 0 : 1;
}

wire_network::channel_key wire_network::key_of(const wire& x,
                                               size_t end) const {
  auto local = x.ends[end]->id();
  if (context_.sky.collapse)
    return {local, x.ends[1 - end]->id()};
  // No life has so high a number.
  return {local, 1000000 + x.number};
}

wire_network::channel* wire_network::find(const wire& x, size_t end) {
  auto i = channels_.find(key_of(x, end));
  return i != channels_.end() ? &i->second : nullptr;
}

wire_network::channel* wire_network::find(const sim_node& local,
                                          connection_id id) {
  for (auto& [key, x] : channels_)
    if (x.id == id && x.local == &local)
      return &x;
  return nullptr;
}

wire_network::wire& wire_network::make_wire(sim_node& x, sim_node& y) {
  wires_.push_back(std::make_unique<wire>());
  wires_.back()->number = wires_.size();
  wires_.back()->ends = {&x, &y};
  return *wires_.back();
}

void wire_network::attach(wire& x, size_t end) {
  auto& joined = channels_[key_of(x, end)];
  if (joined.wires.empty()) {
    joined.id = connection_id{++last_connection_};
    joined.local = x.ends[end];
    joined.preferred = &x;
  } else {
    context_.log.count("second socket");
    if (context_.random.chance(context_.sky.takeover)) {
      joined.preferred = &x;
      disturb(x);
    }
  }
  joined.wires.push_back(&x);
}

void wire_network::put(wire& x, size_t from, std::optional<parcel> what) {
  auto& way = x.lanes[from];
  auto& sky = context_.sky;
  auto delay = context_.random.between(sky.latency / 2, sky.latency);
  if (context_.random.chance(sky.hiccup)) {
    context_.log.count("delay");
    disturb(x);
    delay += context_.random.between({}, sky.latency * 60);
  }
  auto when = std::max(way.last, context_.clock.now() + delay);
  if (what && context_.has(bug::goodbye_overtakes)) {
    auto farewell = std::get_if<goodbye>(&what->message);
    if (farewell != nullptr && farewell->why.cause == down_cause::shutdown) {
      when = context_.clock.now() + sky.latency / 4;
      way.queue.emplace_front(when, std::move(what));
      return context_.clock.at(when, [this, &x, from] { pump(x, from); });
    }
  }
  way.last = when;
  way.queue.emplace_back(when, std::move(what));
  context_.clock.at(when, [this, &x, from] { pump(x, from); });
}

void wire_network::pump(wire& x, size_t from) {
  auto& queue = x.lanes[from].queue;
  auto to = 1 - from;
  while (!queue.empty() && queue.front().first <= context_.clock.now()) {
    if (context_.sky.is_cut(x.ends[from]->place(), x.ends[to]->place()))
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
  if (x.open[to] && joined != nullptr)
    return receiver.post_message(joined->id, std::move(what.message),
                                 what.mark);
  disturb(x);
  context_.log.count("message lost with its socket");
  // A message that waited in a mailbox while its connection ended introduces
  // that as a new one, which is gone at once.
  if (receiver.running() && context_.random.chance(100)) {
    context_.log.count("message after the end of its socket");
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
      x.ends[end]->post(event::disconnected{id});
    } else if (joined.preferred == &x) {
      joined.preferred = wires.back();
      disturb(x);
    }
  }
  if (!tell)
    return;
  // What the system has not written yet may be lost.
  if (context_.random.chance(100)) {
    context_.log.count("messages lost by closing");
    x.lanes[end].queue.clear();
    disturb(x);
  }
  put(x, end, std::nullopt);
}

} // namespace vigil::sim
