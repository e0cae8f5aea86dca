#pragma once

#include <vigil/core/time_point.hpp>
#include "src/link/deadline_set.hpp"
#include "src/link/ids.hpp"
#include "src/session/contact.hpp"
#include "src/session/peer.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace vigil {

/// Whom a step of a session layer has to look at, so that it costs nothing for
/// all others: who may have something to send, whose deadline may be another
/// now, and whose time has come.
///
/// A deadline that stands here may be early but is never late. What a session
/// sends and hears only moves its deadline back, and need not be told; when the
/// deadline is the first of all it is computed anew.
///
/// Thread-safety: none; owned by a session layer, which removes contacts and
/// peers before they end.
class session_schedule {
public:
  // -- what a step has done ---------------------------------------------------

  /// The session of `x` may have something to send at the end of the step.
  void sends(contact& x) {
    if (!std::exchange(x.sends, true))
      senders_.push_back(&x);
  }

  /// The deadline of `x` may be another, and earlier.
  void changes(contact& x) {
    if (!std::exchange(x.changes, true))
      contacts_.changed.push_back(&x);
  }

  void changes(peer& x) {
    if (!std::exchange(x.changes, true))
      peers_.changed.push_back(&x);
  }

  void remove(contact& x);

  void remove(peer& x);

  // -- whose turn it is -------------------------------------------------------

  /// Calls `f` with each of those who may have something to send, in the order
  /// of their connections; before them comes who was late in the last step. `f`
  /// returns what one waits for. Who waits for more is asked again in the next
  /// step; who waits for work as well, and is late. They neither end nor become
  /// more meanwhile. Returns whether anybody is late.
  template <class F>
  bool for_each_sender(const F& f) {
    arrange_senders();
    size_t kept = 0;
    for (auto x : senders_) {
      auto result = f(*x);
      x->sends = result != session::waiting::nothing;
      if (result == session::waiting::for_work)
        late_.push_back(x);
      else if (result == session::waiting::for_more)
        senders_[kept++] = x;
    }
    senders_.resize(kept);
    return !late_.empty();
  }

  /// Returns the connections of those who are due, in order. Whoever is due is
  /// also changed by it.
  std::vector<connection_id> take_due_contacts(time_point now);

  /// The same for peers, in the order of their names.
  std::vector<peer*> take_due_peers(time_point now);

  /// Returns the peers that this step has left idle, which are to be forgotten,
  /// and takes them out.
  std::vector<peer*> take_idle_peers();

  /// Ends a step: asks `due_of` for the deadlines of all contacts that have
  /// changed, and each peer for its own, and returns the first of all.
  template <class DueOf>
  std::optional<time_point> settle(time_point now, const DueOf& due_of) {
    auto wake_of = [](const peer& x) { return x.next_wake(); };
    contacts_.settle(now, due_of);
    peers_.settle(now, wake_of);
    auto result = contacts_.first(now, due_of);
    auto other = peers_.first(now, wake_of);
    return !result || (other && *other < *result) ? other : result;
  }

private:
  template <class T>
  struct group {
    deadline_set<T> waiting;
    std::vector<T*> changed;
    /// Whose deadline has passed without a look at them, and is another now.
    std::vector<T*> passed;

    void remove(T& x);

    void set(T& x, time_point now, std::optional<time_point> due) {
      if (waiting.contains(x) && x.due() <= now && due != x.due())
        passed.push_back(&x);
      waiting.set(x, due);
    }

    std::vector<T*> take_due(time_point now);

    template <class DueOf>
    void settle(time_point now, const DueOf& due_of) {
      for (auto x : changed) {
        x->changes = false;
        set(*x, now, due_of(*x));
      }
      changed.clear();
    }

    /// Returns the first deadline of all, computed anew.
    template <class DueOf>
    std::optional<time_point> first(time_point now, const DueOf& due_of) {
      while (auto x = waiting.first()) {
        auto due = due_of(*x);
        if (due == x->due())
          return due;
        set(*x, now, due);
      }
      return std::nullopt;
    }
  };

  /// Puts those who were late before, and the others behind them in order.
  void arrange_senders();

  group<contact> contacts_;
  group<peer> peers_;
  std::vector<contact*> senders_;
  /// Those who could not send everything in the last step.
  std::vector<contact*> late_;
};

} // namespace vigil
