#include "src/link_board.hpp"

#include <mutex>

namespace vigil {

void link_board::up(node_name peer) {
  std::unique_lock guard{mutex_};
  peers_[peer] = false;
}

void link_board::down(node_name peer) {
  std::unique_lock guard{mutex_};
  peers_.erase(peer);
}

void link_board::set_full(node_name peer, bool full) {
  std::unique_lock guard{mutex_};
  if (auto i = peers_.find(peer); i != peers_.end())
    i->second = full;
}

bool link_board::is_up(node_name peer) const {
  std::shared_lock guard{mutex_};
  return peers_.contains(peer);
}

bool link_board::is_full(node_name peer) const {
  std::shared_lock guard{mutex_};
  auto i = peers_.find(peer);
  return i != peers_.end() && i->second;
}

} // namespace vigil
