#pragma once

// How the actor framework carries what endpoints say to each other. Bound to a
// version of CAF (0.17.x), as <vigil/caf.hpp> is; no other header of this room
// knows CAF.

#include "messages/session_message.hpp"

#include <caf/meta/type_name.hpp>

namespace vigil {

template <class Inspector>
auto inspect(Inspector& f, incarnation& x) {
  return f(caf::meta::type_name("vigil::incarnation"), x.high, x.low);
}

template <class Inspector>
auto inspect(Inspector& f, session_pair& x) {
  return f(caf::meta::type_name("vigil::session_pair"), x.sender, x.receiver);
}

template <class Inspector>
auto inspect(Inspector& f, hello& x) {
  return f(caf::meta::type_name("vigil::hello"), x.lowest_version,
           x.highest_version, x.features, x.name, x.life, x.being, x.numbers,
           x.tick_time, x.trailing);
}

template <class Inspector>
auto inspect(Inspector& f, frame& x) {
  return f(caf::meta::type_name("vigil::frame"), x.numbers, x.sequence,
           x.acknowledged, x.bytes);
}

template <class Inspector>
auto inspect(Inspector& f, tick& x) {
  return f(caf::meta::type_name("vigil::tick"), x.numbers, x.acknowledged,
           x.sequence);
}

template <class Inspector>
auto inspect(Inspector& f, probe& x) {
  return f(caf::meta::type_name("vigil::probe"), x.numbers, x.token,
           x.sequence);
}

template <class Inspector>
auto inspect(Inspector& f, probe_reply& x) {
  return f(caf::meta::type_name("vigil::probe_reply"), x.numbers, x.token,
           x.sequence);
}

template <class Inspector>
auto inspect(Inspector& f, farewell& x) {
  return f(caf::meta::type_name("vigil::farewell"), x.cause, x.failure,
           x.detail);
}

template <class Inspector>
auto inspect(Inspector& f, goodbye& x) {
  return f(caf::meta::type_name("vigil::goodbye"), x.numbers, x.why);
}

template <class Inspector>
auto inspect(Inspector& f, goodbye_ack& x) {
  return f(caf::meta::type_name("vigil::goodbye_ack"), x.numbers);
}

} // namespace vigil
