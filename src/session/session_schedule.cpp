#include "src/session/session_schedule.hpp"

#include <algorithm>

namespace vigil {

namespace {

template <class T>
void erase(std::vector<T*>& list, const T& x) {
  list.erase(std::remove(list.begin(), list.end(), &x), list.end());
}

bool is_before(const contact* x, const contact* y) noexcept {
  return x->connection < y->connection;
}

} // namespace

template <class T>
void session_schedule::group<T>::remove(T& x) {
  waiting.remove(x);
  if (std::exchange(x.changes, false))
    erase(changed, x);
  erase(passed, x);
}

template <class T>
std::vector<T*> session_schedule::group<T>::take_due(time_point now) {
  auto result = std::exchange(passed, {});
  while (auto x = waiting.first()) {
    if (x->due() > now)
      break;
    waiting.remove(*x);
    result.push_back(x);
  }
  for (auto x : result)
    if (!std::exchange(x->changes, true))
      changed.push_back(x);
  return result;
}

void session_schedule::remove(contact& x) {
  contacts_.remove(x);
  if (std::exchange(x.sends, false)) {
    erase(senders_, x);
    erase(late_, x);
  }
}

void session_schedule::remove(peer& x) {
  peers_.remove(x);
}

std::vector<connection_id> session_schedule::take_due_contacts(time_point now) {
  std::vector<connection_id> result;
  for (auto x : contacts_.take_due(now))
    result.push_back(x->connection);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::vector<peer*> session_schedule::take_due_peers(time_point now) {
  auto result = peers_.take_due(now);
  std::sort(result.begin(), result.end(),
            [](auto x, auto y) { return x->text() < y->text(); });
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::vector<peer*> session_schedule::take_idle_peers() {
  auto& changed = peers_.changed;
  auto first = std::partition(changed.begin(), changed.end(),
                              [](auto x) { return !x->idle(); });
  std::vector<peer*> result{first, changed.end()};
  changed.erase(first, changed.end());
  for (auto x : result) {
    x->changes = false;
    peers_.remove(*x);
  }
  return result;
}

void session_schedule::arrange_senders() {
  if (senders_.size() > 1)
    std::sort(senders_.begin(), senders_.end(), is_before);
  if (late_.empty())
    return;
  // Each of them is the first in its turn.
  std::rotate(late_.begin(), late_.begin() + 1, late_.end());
  senders_.insert(senders_.begin(), late_.begin(), late_.end());
  late_.clear();
}

} // namespace vigil
