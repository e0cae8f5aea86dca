#pragma once

#include <vigil/errc.hpp>
#include <vigil/node_name.hpp>
#include <vigil/result.hpp>

#include "absl/container/flat_hash_map.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

namespace vigil {

/// Those who wait for something that a later effect of the core tells: that a
/// link is up or down, or that a peer has applied all that was sent to it.
///
/// Each waits with a `Promise`, through which `deliver` answers it once: with a
/// `unit`, an `errc` or an `error`. Those who wait for the same are answered in
/// the order in which they came. Who is answered may come again at once; that
/// is a new request.
///
/// Thread-safety: none; owned by who executes the effects of a core.
template <class Promise>
class pending_answers {
public:
  // -- who waits --------------------------------------------------------------

  /// Adds somebody who waits for a link to `peer`, or for the reason why there
  /// is none.
  void await_up(node_name peer, Promise x) {
    ups_.push_back({peer, std::move(x)});
  }

  /// Adds somebody who waits for the last DOWN of a link that is being lost.
  void await_down(node_name peer, Promise x) {
    downs_.push_back({peer, std::move(x)});
  }

  /// Adds somebody who waits for a sync; returns the token to sync with.
  uint64_t await_sync(Promise x) {
    syncs_.emplace(++last_sync_, std::move(x));
    return last_sync_;
  }

  // -- answers ----------------------------------------------------------------

  /// Answers who waits for a link to `peer`: it is up.
  void up(node_name peer) {
    answer(ups_, peer, unit{});
  }

  /// Answers who waits for a link to `peer`: there is none.
  void failed(node_name peer, const error& why) {
    answer(ups_, peer, why);
  }

  /// Answers who waits for the end of the link to `peer`: it is down.
  void down(node_name peer) {
    answer(downs_, peer, unit{});
  }

  /// Answers who waits for the sync with this token: `ok`, or
  /// `no_connection`.
  void synced(uint64_t token, bool ok) {
    auto found = syncs_.extract(token);
    if (found.empty())
      return;
    if (ok)
      found.mapped().deliver(unit{});
    else
      found.mapped().deliver(errc::no_connection);
  }

  /// Answers all who wait for links with `why`.
  void refuse_links(errc why) {
    for (auto waiting : {&ups_, &downs_})
      for (auto& x : std::exchange(*waiting, {}))
        x.promise.deliver(why);
  }

  /// Answers all who wait for syncs with `why`.
  void refuse_syncs(errc why) {
    for (auto& [token, promise] : std::exchange(syncs_, {}))
      promise.deliver(why);
  }

private:
  struct caller {
    node_name peer;
    Promise promise;
  };

  template <class Outcome>
  static void
  answer(std::vector<caller>& waiting, node_name peer, const Outcome& outcome) {
    auto first = std::stable_partition(waiting.begin(), waiting.end(),
                                       [peer](const caller& x) {
                                         return x.peer != peer;
                                       });
    std::vector<caller> due{std::make_move_iterator(first),
                            std::make_move_iterator(waiting.end())};
    waiting.erase(first, waiting.end());
    for (auto& x : due)
      x.promise.deliver(outcome);
  }

  std::vector<caller> ups_;
  std::vector<caller> downs_;
  absl::flat_hash_map<uint64_t, Promise> syncs_;
  uint64_t last_sync_ = 0;
};

} // namespace vigil
