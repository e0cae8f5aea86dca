#pragma once

#include <vigil/errc.hpp>
#include <vigil/node_name.hpp>
#include <vigil/result.hpp>

#include "absl/container/flat_hash_map.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <utility>

namespace vigil {

/// Those who wait for something that a later effect of the core tells: that a
/// link is up or down, or that a peer has applied all that was sent to it.
///
/// Each waits with a `Promise`, through which `deliver` answers it once: with a
/// `unit`, an `errc` or an `error`. What is known now makes answers due, which
/// `deliver_due` delivers, a few at a time if need be, in the order in which
/// they became due: those who wait for the same in the order in which they
/// came. Who is answered may come again at once; that is a new request.
///
/// Thread-safety: none; owned by who executes the effects of a core.
template <class Promise>
class pending_answers {
public:
  // -- who waits --------------------------------------------------------------

  /// Adds somebody who waits for a link to `peer`, or for the reason why there
  /// is none.
  void await_up(node_name peer, Promise x) {
    ups_[peer].push_back(std::move(x));
  }

  /// Adds somebody who waits for the last DOWN of a link that is being lost.
  void await_down(node_name peer, Promise x) {
    downs_[peer].push_back(std::move(x));
  }

  /// Adds somebody who waits for a sync; returns the token to sync with.
  uint64_t await_sync(Promise x) {
    syncs_.emplace(++last_sync_, std::move(x));
    return last_sync_;
  }

  // -- what is known ----------------------------------------------------------

  /// Answers who waits for a link to `peer`: it is up.
  void up(node_name peer) {
    settle(ups_, peer, unit{});
  }

  /// Answers who waits for a link to `peer`: there is none.
  void failed(node_name peer, const error& why) {
    settle(ups_, peer, why);
  }

  /// Answers who waits for the end of the link to `peer`: it is down.
  void down(node_name peer) {
    settle(downs_, peer, unit{});
  }

  /// Answers who waits for the sync with this token: `ok`, or
  /// `no_connection`.
  void synced(uint64_t token, bool ok) {
    auto found = syncs_.extract(token);
    if (found.empty())
      return;
    callers one;
    one.push_back(std::move(found.mapped()));
    due_.emplace_back(ok ? outcome{unit{}} : outcome{errc::no_connection},
                      std::move(one));
  }

  /// Answers all who wait for links with `why`.
  void refuse_links(errc why) {
    for (auto waiting : {&ups_, &downs_}) {
      for (auto& [peer, who] : *waiting)
        due_.emplace_back(why, std::move(who));
      waiting->clear();
    }
  }

  /// Answers all who wait for syncs with `why`.
  void refuse_syncs(errc why) {
    callers all;
    for (auto& [token, promise] : std::exchange(syncs_, {}))
      all.push_back(std::move(promise));
    if (!all.empty())
      due_.emplace_back(why, std::move(all));
  }

  // -- answers ----------------------------------------------------------------

  /// Delivers answers that are due, `limit` of them at most; returns whether
  /// some are left.
  bool deliver_due(size_t limit) {
    for (; !due_.empty() && limit > 0; --limit) {
      auto& [what, who] = due_.front();
      auto promise = std::move(who.front());
      auto answer = what;
      who.pop_front();
      if (who.empty())
        due_.pop_front();
      promise.deliver(answer);
    }
    return !due_.empty();
  }

private:
  using outcome = result<unit>;

  using callers = std::deque<Promise>;

  void settle(std::map<node_name, callers>& waiting, node_name peer,
              const outcome& what) {
    auto found = waiting.extract(peer);
    if (!found.empty())
      due_.emplace_back(what, std::move(found.mapped()));
  }

  /// Nobody's list is empty.
  std::map<node_name, callers> ups_;
  std::map<node_name, callers> downs_;
  absl::flat_hash_map<uint64_t, Promise> syncs_;
  uint64_t last_sync_ = 0;
  std::deque<std::pair<outcome, callers>> due_;
};

} // namespace vigil
