// What goes wrong with the sockets of a network without anybody's asking for
// it.

#include "testkit/net/wire_network.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace vigil::testkit {

wire_network::wire* wire_network::some_wire() {
  std::vector<wire*> candidates;
  for (auto& x : wires_)
    if (x->open[0] && x->open[1])
      candidates.push_back(x.get());
  return candidates.empty() ? nullptr : world_.random.pick(candidates);
}

bool wire_network::close_some() {
  auto x = some_wire();
  if (x == nullptr)
    return false;
  disturb(*x);
  auto end = world_.random.below(2);
  auto how = world_.random.below(4);
  world_.note([&] {
    return "-- close a socket between " + x->ends[0]->label() + " and "
           + x->ends[1]->label() + ", way " + std::to_string(how);
  });
  if (how == 0) {
    world_.count("socket closed, one side notices");
    close_end(*x, end, false);
    if (world_.random.chance(500))
      world_.clock.in(world_.random.between({}, std::chrono::seconds{5}),
                      [this, x, end] {
                        disturb(*x);
                        close_end(*x, 1 - end, false);
                      });
  } else if (how == 1) {
    world_.count("socket reset");
    reset(*x);
  } else {
    world_.count("socket closed");
    close_end(*x, end, true);
  }
  return true;
}

bool wire_network::replace_some() {
  auto x = some_wire();
  if (x == nullptr)
    return false;
  disturb(*x);
  world_.note([&] {
    return "-- another socket between " + x->ends[0]->label() + " and "
           + x->ends[1]->label();
  });
  auto& fresh = make_wire(*x->ends[0], *x->ends[1]);
  for (size_t end = 0; end < 2; ++end) {
    // The channel is the same: one socket joins it before the other leaves. The
    // table of a network without proxies is told so here.
    auto& joined = *find(*x, end);
    if (!world_.sky.collapse) {
      keys_[joined.id] = key_of(fresh, end);
      channels_.emplace(key_of(fresh, end), joined);
      channels_.erase(key_of(*x, end));
    }
    auto& moved = *find(fresh, end);
    std::replace(moved.wires.begin(), moved.wires.end(), x, &fresh);
    moved.preferred = &fresh;
    x->open[end] = false;
    auto& old = x->lanes[end].queue;
    switch (world_.random.below(4)) {
      case 0:
        world_.count("socket replaced, messages lost");
        break;
      case 1:
        world_.count("socket replaced, messages repeated");
        for (auto& entry : old)
          if (entry.second) {
            put(fresh, end, entry.second);
            if (world_.random.chance(500))
              put(fresh, end, entry.second);
          }
        break;
      case 2:
        world_.count("socket replaced, messages reordered");
        for (auto i = old.rbegin(); i != old.rend(); ++i)
          if (i->second)
            put(fresh, end, std::move(i->second));
        break;
      case 3:
        world_.count("socket replaced, messages late");
        for (auto& entry : old)
          if (entry.second)
            world_.clock.in(world_.random.between({}, world_.sky.latency * 20),
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
  auto x = world_.random.pick(candidates);
  x->preferred = world_.random.pick(x->wires);
  disturb(*x->preferred);
  world_.count("switched to another socket");
  world_.note([&] { return "-- " + x->local->label() + " switches sockets"; });
  return true;
}

void wire_network::reset(size_t x, size_t y) {
  for (size_t i = 0; i < wires_.size(); ++i) {
    auto& socket = *wires_[i];
    auto first = socket.ends[0]->place();
    auto second = socket.ends[1]->place();
    if ((first == x && second == y) || (first == y && second == x))
      reset(socket);
  }
}

void wire_network::reset(wire& x) {
  disturb(x);
  close_end(x, 0, false);
  close_end(x, 1, false);
}

void wire_network::cut_off(const station& x) {
  for (size_t i = 0; i < wires_.size(); ++i) {
    auto& socket = *wires_[i];
    for (size_t end = 0; end < 2; ++end)
      if (socket.ends[end] == &x && socket.open[end])
        put(socket, 1 - end, std::nullopt);
  }
}

void wire_network::thaw() {
  for (size_t i = 0; i < wires_.size(); ++i)
    for (size_t end = 0; end < 2; ++end)
      pump(*wires_[i], end);
}

void wire_network::disturb(const wire& x) {
  world_.sky.disturb(x.ends[0]->place(), x.ends[1]->place(),
                     world_.clock.now());
}

} // namespace vigil::testkit
