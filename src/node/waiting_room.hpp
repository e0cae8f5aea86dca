#pragma once

#include <vigil/errc.hpp>
#include <vigil/node_name.hpp>
#include <vigil/requests.hpp>
#include <vigil/target.hpp>
#include "src/front/link_board.hpp"

#include <cstddef>
#include <deque>
#include <iterator>
#include <map>
#include <utility>

namespace vigil {

/// Monitor requests that wait until there is room again at their peer. Those
/// for one peer are granted in the order in which they came; other peers do not
/// suffer from its slowness.
///
/// A request waits together with a `Promise`, through which `deliver` answers
/// it once: with an `errc` here, with whatever it was granted by the caller.
///
/// Thread-safety: none; owned by who executes the effects of a core.
template <class Promise>
class waiting_room {
public:
  /// The board, which tells where room is, outlives this object, or at least
  /// the last call to it.
  explicit waiting_room(const link_board& board) noexcept : board_(board) {
    // nop
  }

  /// As long as one exists, nobody is granted.
  class hold {
  public:
    explicit hold(waiting_room& room) noexcept
      : room_(room),
        outer_(std::exchange(room.held_, true)) {
      // nop
    }

    ~hold() {
      room_.held_ = outer_;
    }

    hold(const hold&) = delete;

    hold& operator=(const hold&) = delete;

  private:
    waiting_room& room_;
    bool outer_;
  };

  /// Returns whether a new request for `peer` has to wait: there is no room, or
  /// others wait for it already.
  bool must_wait(node_name peer) const {
    return board_.is_full(peer) || waiting_.count(peer) > 0;
  }

  void add(const monitor_request& x, Promise promise) {
    waiting_[node_of(x.object)].push_back({x, std::move(promise)});
  }

  /// Calls `grant(request, promise)` for those who have room now, peer by peer,
  /// until `enough()` returns true after one; looks again whether there is room
  /// after each. A request counts as waiting until its own call has returned.
  /// Does nothing when called from within `grant`, which may add requests but
  /// must not refuse them. Returns whether some are left who have room.
  template <class Grant, class Enough>
  bool grant_waiting(Grant&& grant, const Enough& enough) {
    if (held_ || waiting_.empty())
      return false;
    hold others{*this};
    for (auto i = waiting_.begin(); i != waiting_.end();) {
      auto& requests = i->second;
      while (!requests.empty() && !board_.is_full(i->first)) {
        if (enough())
          return true;
        auto& next = requests.front();
        grant(std::as_const(next.what), next.promise);
        requests.pop_front();
      }
      i = requests.empty() ? waiting_.erase(i) : std::next(i);
    }
    return false;
  }

  /// Lets nobody of those who wait in: `deliver_refusals` tells them why.
  void refuse(errc why) {
    for (auto& [peer, requests] : waiting_)
      refused_.emplace_back(why, std::move(requests));
    waiting_.clear();
  }

  /// Tells those who were refused so, `limit` of them at most; returns whether
  /// some are left. Who is told may come again at once.
  bool deliver_refusals(size_t limit) {
    for (; !refused_.empty() && limit > 0; --limit) {
      auto& [why, requests] = refused_.front();
      auto promise = std::move(requests.front().promise);
      auto answer = why;
      requests.pop_front();
      if (requests.empty())
        refused_.pop_front();
      promise.deliver(answer);
    }
    return !refused_.empty();
  }

private:
  struct waiting_request {
    monitor_request what;
    Promise promise;
  };

  const link_board& board_;
  /// None is empty; the same for those who were refused.
  std::map<node_name, std::deque<waiting_request>> waiting_;
  std::deque<std::pair<errc, std::deque<waiting_request>>> refused_;
  bool held_ = false;
};

} // namespace vigil
