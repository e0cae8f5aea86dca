#include "src/front/link_board.hpp"

namespace vigil {

void link_board::up(node_name peer) {
  std::lock_guard guard{mutex_};
  peers_.emplace(peer, false);
}

void link_board::down(node_name peer) {
  std::lock_guard guard{mutex_};
  auto i = peers_.find(peer);
  if (i == peers_.end())
    return;
  if (i->second)
    --num_full_;
  peers_.erase(i);
}

void link_board::set_full(node_name peer, bool full) {
  std::lock_guard guard{mutex_};
  auto i = peers_.find(peer);
  if (i == peers_.end() || i->second == full)
    return;
  i->second = full;
  if (full)
    ++num_full_;
  else
    --num_full_;
}

bool link_board::is_up(node_name peer) const {
  std::lock_guard guard{mutex_};
  return peers_.contains(peer);
}

bool link_board::is_full(node_name peer) const {
  if (num_full_ == 0)
    return false;
  std::lock_guard guard{mutex_};
  auto i = peers_.find(peer);
  return i != peers_.end() && i->second;
}

} // namespace vigil
