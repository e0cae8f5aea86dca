#include "actors/plane/node_subscribers.hpp"

#include <vigil/caf.hpp>

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace vigil {

namespace {

void send_to(const caf::strong_actor_ptr& who, const node_event& x) {
  caf::anon_send(caf::actor_cast<caf::actor>(who), x);
}

} // namespace

bool node_subscribers::add(const caf::strong_actor_ptr& who) {
  auto [number, added] = numbers_.try_emplace(who.get(), last_number_ + 1);
  auto& entry = all_[number->second];
  if (added) {
    ++last_number_;
    entry.who = caf::actor_cast<caf::weak_actor_ptr>(who);
  }
  if (entry.held == nullptr)
    for (const auto& [peer, event] : up_)
      send_to(who, event);
  entry.held = who;
  return added;
}

void node_subscribers::remove(const caf::strong_actor_ptr& who) {
  // Not forgotten: who subscribes again and again is watched over once.
  if (auto i = numbers_.find(who.get()); i != numbers_.end())
    all_[i->second].held = nullptr;
}

void node_subscribers::forget(const caf::actor_control_block* who) {
  auto i = numbers_.find(who);
  if (i == numbers_.end())
    return;
  all_.erase(i->second);
  numbers_.erase(i);
}

void node_subscribers::tell(const node_event& x) {
  if (x.up)
    up_[x.peer] = x;
  else
    up_.erase(x.peer);
  for (const auto& [number, entry] : all_)
    if (entry.held != nullptr)
      send_to(entry.held, x);
}

void node_subscribers::clear() {
  all_.clear();
  numbers_.clear();
  up_.clear();
}

} // namespace vigil
