#include "src/gate.hpp"

namespace vigil {

uint64_t gate::key_of(const pid& watcher) noexcept {
  return (uint64_t{watcher.serial} << 32) | watcher.number;
}

gate::shard& gate::shard_of(reference ref) noexcept {
  // References are given out in a row, and used so: neighbours share a lock and
  // what it guards.
  return shards_[to_integer(ref) / 64 % num_shards];
}

void gate::open(reference ref, const pid& watcher) {
  auto& home = shard_of(ref);
  std::lock_guard guard{home.mutex};
  home.entries.emplace(to_integer(ref), entry{key_of(watcher), false});
}

gate::closing gate::close(reference ref, const pid& watcher, bool may_wait) {
  auto& home = shard_of(ref);
  std::unique_lock guard{home.mutex};
  auto i = home.entries.find(to_integer(ref));
  if (i == home.entries.end() || i->second.watcher != key_of(watcher))
    return closing::lost;
  if (!i->second.delivering) {
    home.entries.erase(i);
    return closing::won;
  }
  if (may_wait)
    home.settled.wait(guard,
                      [&] { return !home.entries.contains(to_integer(ref)); });
  return closing::lost;
}

bool gate::claim(reference ref) {
  auto& home = shard_of(ref);
  std::lock_guard guard{home.mutex};
  auto i = home.entries.find(to_integer(ref));
  if (i == home.entries.end() || i->second.delivering)
    return false;
  i->second.delivering = true;
  return true;
}

void gate::settle(reference ref) {
  auto& home = shard_of(ref);
  {
    std::lock_guard guard{home.mutex};
    home.entries.erase(to_integer(ref));
  }
  home.settled.notify_all();
}

void gate::forget(reference ref) {
  auto& home = shard_of(ref);
  std::lock_guard guard{home.mutex};
  auto i = home.entries.find(to_integer(ref));
  // A delivery that is under way ends with `settle`.
  if (i != home.entries.end() && !i->second.delivering)
    home.entries.erase(i);
}

size_t gate::size() const {
  size_t result = 0;
  for (const auto& home : shards_) {
    std::lock_guard guard{home.mutex};
    result += home.entries.size();
  }
  return result;
}

} // namespace vigil
