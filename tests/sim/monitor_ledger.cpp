#include "tests/sim/monitor_ledger.hpp"

#include "tests/sim/journal.hpp"

#include <algorithm>
#include <utility>

namespace vigil::sim {

void monitor_ledger::fail(const monitor_fact& x, const std::string& what) {
  throw violation("monitor " + to_string(x.ref) + " of " + to_string(x.watcher)
                  + " on " + to_string(x.object) + ": " + what);
}

monitor_fact& monitor_ledger::fact(reference ref) {
  auto index = to_integer(ref) - to_integer(first_reference);
  if (index >= facts_.size())
    throw violation("nobody made a monitor " + to_string(ref));
  return facts_[static_cast<size_t>(index)];
}

void monitor_ledger::made(reference ref, const pid& watcher,
                          const target& object, time_point now) {
  if (to_integer(ref) - to_integer(first_reference) != facts_.size())
    throw violation("references are not handed out in turn");
  monitor_fact x;
  x.watcher = watcher;
  x.object = object;
  x.ref = ref;
  x.made = truth_.happens();
  x.made_at = now;
  facts_.push_back(x);
}

void monitor_ledger::calls(reference ref) {
  fact(ref).calling = true;
}

void monitor_ledger::returned(reference ref, const std::optional<pid>& seen) {
  auto& x = fact(ref);
  x.calling = false;
  x.seen = seen;
  // The core may have met another process under the name while the call lasted.
  x.decided = x.taken == never
              || (seen && std::holds_alternative<pid>(x.object));
}

void monitor_ledger::taken(reference ref) {
  auto& x = fact(ref);
  x.taken = truth_.happens();
  // From now on its end is looked for.
  peers_[node_of(x.object)];
}

void monitor_ledger::demonitored(reference ref, const pid& watcher, bool won) {
  auto& x = fact(ref);
  if (won) {
    if (watcher != x.watcher)
      fail(x, "another process demonitored it");
    if (x.end != monitor_end::open && x.end != monitor_end::watcher_ended)
      fail(x, "demonitor found it although it had ended");
    x.end = monitor_end::demonitored;
    truth_.happens();
  } else if (watcher == x.watcher && x.end == monitor_end::open
             && !x.retiring) {
    fail(x, "demonitor did not find it although it is live");
  }
}

void monitor_ledger::claimed(reference ref) {
  auto& x = fact(ref);
  if (x.end == monitor_end::open)
    x.end = monitor_end::claimed;
}

void monitor_ledger::delivered(const pid& watcher, const down& message) {
  auto& x = fact(message.ref);
  const auto& reason = message.reason;
  truth_.happens();
  if (watcher != x.watcher)
    fail(x, "its DOWN went to " + to_string(watcher));
  if (message.object != x.object)
    fail(x, "its DOWN is about " + to_string(message.object));
  if (x.end == monitor_end::down)
    fail(x, "a second DOWN, " + to_string(reason));
  if (x.end == monitor_end::demonitored)
    fail(x, "a DOWN after demonitor returned true, " + to_string(reason));
  if (x.end == monitor_end::retired)
    fail(x, "a DOWN although it was never granted, " + to_string(reason));
  if (x.taken == never)
    fail(x, "a DOWN before the core knew of it");
  // Between the watcher's end and the report of it nobody is there to see.
  if (x.end != monitor_end::watcher_ended) {
    x.end = monitor_end::down;
    judge_reason(x, reason);
  }
  judge_origin(x, message);
}

void monitor_ledger::judge_reason(const monitor_fact& x,
                                  const exit_reason& reason) {
  if (reason == exit_reason::noconnection()) {
    if (auto& losses = peers_[node_of(x.object)].losses; losses.empty())
      losses.push_back(truth_.now());
    return;
  }
  if (auto doubt = truth_.doubt(x.object, x.made, reason))
    fail(x, "DOWN with reason " + to_string(reason) + ", but " + *doubt);
  if (x.decided && truth_.owner_of(reason) != x.seen)
    fail(x, to_string(reason) + ", but when the call returned it was "
              + (x.seen ? to_string(*x.seen) : "nobody"));
  if (x.owed && reason == exit_reason::noproc())
    fail(x, "noproc, but the process was alive when the request arrived");
}

void monitor_ledger::judge_origin(const monitor_fact& x, const down& message) {
  auto origin = message.origin;
  auto here = node_of(message.object) == x.watcher.node;
  auto agrees = [&] {
    switch (origin) {
      case down_origin::exit:
        return truth_.owner_of(message.reason).has_value();
      case down_origin::noproc_here:
        return message.reason == exit_reason::noproc() && here;
      case down_origin::noproc_there:
        return message.reason == exit_reason::noproc() && !here;
      case down_origin::no_address:
      case down_origin::setup_failed:
      case down_origin::link_lost:
      case down_origin::shutdown:
        return message.reason == exit_reason::noconnection() && !here;
    }
    return false;
  };
  if (!agrees())
    fail(x, "DOWN with reason " + to_string(message.reason) + " from "
              + std::string{to_string(origin)});
  auto& peer = peers_[node_of(message.object)];
  uint64_t loss = 0;
  if (origin == down_origin::link_lost || origin == down_origin::shutdown) {
    if (peer.lost_links.empty())
      fail(x, "a DOWN of a lost link after its nodedown, or without one");
    loss = peer.lost_links.front();
  }
  if (message.loss != loss)
    fail(x, "a DOWN of loss " + std::to_string(message.loss)
              + " amidst those of " + std::to_string(loss));
  if (message.reason != exit_reason::noconnection())
    return;
  if (peer.origin.value_or(origin) != origin)
    fail(x, "DOWNs of one loss from " + std::string{to_string(*peer.origin)}
              + " and from " + std::string{to_string(origin)});
  peer.origin = origin;
}

void monitor_ledger::retiring(reference ref) {
  fact(ref).retiring = true;
}

void monitor_ledger::retired(reference ref, bool stopping) {
  auto& x = fact(ref);
  truth_.happens();
  // A demonitor may have won while the request was on its way to the core.
  if (x.end == monitor_end::watcher_ended || x.end == monitor_end::demonitored)
    return;
  if (x.end != monitor_end::open)
    fail(x, "retired after it had ended");
  if (truth_.alive(x.watcher) && !stopping
      && !truth_.may_mean(x.object, x.watcher, x.made))
    fail(x, "retired without a reason");
  x.end = monitor_end::retired;
}

void monitor_ledger::watcher_ended(const pid& watcher) {
  for (auto& x : facts_)
    if (x.end == monitor_end::open && x.watcher == watcher)
      x.end = monitor_end::watcher_ended;
}

void monitor_ledger::owes(reference ref) {
  fact(ref).owed = true;
}

// -- events of the node -------------------------------------------------------

void monitor_ledger::node_up(node_name peer) {
  auto& x = peers_[peer];
  truth_.happens();
  if (x.up)
    throw violation("nodeup " + to_string(peer) + " twice");
  if (!x.losses.empty())
    throw violation("nodeup " + to_string(peer)
                    + " before the nodedown that follows its DOWNs");
  x.up = true;
  ++x.epoch;
}

void monitor_ledger::link_lost(node_name peer) {
  peers_[peer].lost_links.push_back(++num_lost_);
}

void monitor_ledger::node_down(node_name peer, down_cause cause,
                               uint64_t loss) {
  auto& x = peers_[peer];
  if (!x.up)
    throw violation("nodedown " + to_string(peer) + " without nodeup");
  if (x.lost_links.empty() || x.lost_links.front() != loss)
    throw violation("nodedown " + to_string(peer) + " of loss "
                    + std::to_string(loss) + ", which is another one");
  x.lost_links.pop_front();
  loss_ends(peer, cause == down_cause::shutdown ? down_origin::shutdown
                                                : down_origin::link_lost);
  x.up = false;
}

void monitor_ledger::connect_failed(node_name peer, errc why) {
  if (peers_[peer].up)
    throw violation("no connection to " + to_string(peer)
                    + ", which is up and was not reported down");
  loss_ends(peer, why == errc::unresolvable ? down_origin::no_address
                                            : down_origin::setup_failed);
}

void monitor_ledger::loss_ends(node_name peer, down_origin origin) {
  // What was asked for while the loss was being reported is not part of it.
  auto& x = peers_[peer];
  if (auto told = std::exchange(x.origin, std::nullopt); told && told != origin)
    throw violation("DOWNs of " + to_string(peer) + " from "
                    + std::string{to_string(*told)} + " where they come from "
                    + std::string{to_string(origin)});
  auto limit = truth_.happens();
  if (!x.losses.empty()) {
    limit = std::min(limit, x.losses.front());
    x.losses.pop_front();
  }
  for (const auto& y : facts_)
    if (y.pending() && !y.retiring && y.taken < limit
        && node_of(y.object) == peer)
      fail(y, "its node went down before its DOWN");
}

size_t monitor_ledger::num_pending() const {
  size_t result = 0;
  for (const auto& x : facts_)
    if (x.pending())
      ++result;
  return result;
}

} // namespace vigil::sim
