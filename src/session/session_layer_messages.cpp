// What a session layer does with the messages of sessions that are up, and with
// goodbyes.

#include "src/session/session_layer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace vigil {

contact* session_layer::find_up(connection_id from, session_pair numbers) {
  auto x = find(from);
  if (x != nullptr && x->state == phase::up && x->live->owns(numbers)) {
    // The session hears of its peer now, which counts from now on.
    x->lateness = lateness_;
    x->missed = 0;
    schedule_.sends(*x);
    return x;
  }
  ++counters_.stale;
  // A peer that speaks in a session which is over here must not go on believing
  // in it. While another session is being made or ended it will learn that way.
  if (x == nullptr)
    transmit(from, goodbye{{numbers.receiver, numbers.sender},
                           {down_cause::closed, errc::closed,
                            "there is no such session"}});
  return nullptr;
}

void session_layer::on_message(connection_id from, const frame& x) {
  auto source = find_up(from, x.numbers);
  if (source == nullptr)
    return;
  ++counters_.frames_received;
  counters_.bytes_received += x.bytes.size();
  meter_.add_bytes(x.bytes.size());
  assert(received_.empty());
  // The whole frame is checked before any of it is reported.
  if (auto ok = source->live->receive(x, now_, received_); !ok)
    return break_off(*source, ok.failure().detail);
  sender_ = source->other.name;
}

void session_layer::on_message(connection_id from, const tick& x) {
  auto source = find_up(from, x.numbers);
  if (source == nullptr)
    return;
  ++counters_.ticks_received;
  if (auto ok = source->live->receive(x, now_); !ok)
    break_off(*source, ok.failure().detail);
}

void session_layer::on_message(connection_id from, const probe& x) {
  auto source = find_up(from, x.numbers);
  if (source == nullptr)
    return;
  if (auto ok = source->live->hear(x.sequence, now_); !ok)
    return break_off(*source, ok.failure().detail);
  transmit(from, probe_reply{source->live->numbers(), x.token,
                             source->live->last_sent()});
}

void session_layer::on_message(connection_id from, const probe_reply& x) {
  auto source = find_up(from, x.numbers);
  if (source == nullptr)
    return;
  if (auto ok = source->live->hear(x.sequence, now_); !ok)
    return break_off(*source, ok.failure().detail);
  auto& asked = source->asked_syncs;
  if (auto i = std::find(asked.begin(), asked.end(), x.token);
      i != asked.end()) {
    asked.erase(i);
    effects_.emplace_back(effect::synced{x.token, true});
    return;
  }
  if (!source->peer->probed_with(x.token))
    return;
  auto& newcomer = *source->peer->newcomer();
  auto same = newcomer.other.being == source->other.being;
  refuse(newcomer, {same ? errc::already_connected : errc::duplicate_name, {}});
}

void session_layer::on_message(connection_id from, const goodbye& x) {
  // Acknowledged in any case: the other side waits for it.
  transmit(from, goodbye_ack{{x.numbers.receiver, x.numbers.sender}});
  auto source = find(from);
  if (source == nullptr)
    return;
  if (source->state == phase::up) {
    if (!source->live->owns(x.numbers)) {
      ++counters_.stale;
      return;
    }
    auto why = tidied(x.why);
    return end_session(*source, why.cause, std::move(why.detail));
  }
  // A refusal may come from a side that has not learnt our number.
  auto ours = x.numbers.receiver == source->own_number
              || (x.numbers.receiver == session_number{}
                  && x.numbers.sender == source->other.number);
  if (!ours || source->state == phase::leaving) {
    ++counters_.stale;
    return;
  }
  // A refusal.
  auto peer = source->peer;
  auto was_current = peer != nullptr && peer->current() == source;
  let_go(*source);
  if (!was_current || !peer->keeper.wanted())
    return;
  auto told = tidied(x.why);
  error why{told.failure, std::move(told.detail)};
  // A session that stands in the way may be gone in a moment: the dial is
  // repeated until the set-up time is over.
  if (why.code == errc::already_connected)
    peer->keeper.note_failure(std::move(why));
  else
    fail(*peer, std::move(why));
}

void session_layer::on_message(connection_id from, const goodbye_ack& x) {
  auto source = find(from);
  if (source != nullptr && source->state == phase::leaving
      && x.numbers.receiver == source->own_number)
    hang_up(*source);
}

} // namespace vigil
