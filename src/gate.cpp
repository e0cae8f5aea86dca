#include "src/gate.hpp"

#include <bitset>

namespace vigil {

uint64_t gate::key_of(const pid& watcher) noexcept {
  return (uint64_t{watcher.serial} << 32) | watcher.number;
}

gate::position::position(reference ref) noexcept
  : shard(to_integer(ref) / (4 * block_size) % num_shards),
    block(to_integer(ref) / block_size),
    index(to_integer(ref) % block_size),
    bit(static_cast<uint16_t>(1u << index)) {
  // nop
}

gate::block_map::iterator gate::find(shard& home, const position& x) {
  auto i = home.blocks.find(x.block);
  return i != home.blocks.end() && (i->second.open & x.bit) == 0
           ? home.blocks.end()
           : i;
}

void gate::erase(shard& home, block_map::iterator where, const position& x) {
  auto& there = where->second;
  there.open = static_cast<uint16_t>(there.open & ~x.bit);
  there.delivering = static_cast<uint16_t>(there.delivering & ~x.bit);
  if (there.open == 0)
    home.blocks.erase(where);
}

void gate::open(reference ref, const pid& watcher) {
  position x{ref};
  auto& home = shards_[x.shard];
  std::lock_guard guard{home.mutex};
  auto& there = home.blocks[x.block];
  there.open = static_cast<uint16_t>(there.open | x.bit);
  there.watchers[x.index] = key_of(watcher);
}

gate::closing gate::close(reference ref, const pid& watcher, bool may_wait) {
  position x{ref};
  auto& home = shards_[x.shard];
  std::unique_lock guard{home.mutex};
  auto i = find(home, x);
  if (i == home.blocks.end() || i->second.watchers[x.index] != key_of(watcher))
    return closing::lost;
  if ((i->second.delivering & x.bit) == 0) {
    erase(home, i, x);
    return closing::won;
  }
  if (may_wait)
    home.settled.wait(guard,
                      [&] { return find(home, x) == home.blocks.end(); });
  return closing::lost;
}

bool gate::claim(reference ref) {
  position x{ref};
  auto& home = shards_[x.shard];
  std::lock_guard guard{home.mutex};
  auto i = find(home, x);
  if (i == home.blocks.end() || (i->second.delivering & x.bit) != 0)
    return false;
  i->second.delivering = static_cast<uint16_t>(i->second.delivering | x.bit);
  return true;
}

void gate::settle(reference ref) {
  position x{ref};
  auto& home = shards_[x.shard];
  {
    std::lock_guard guard{home.mutex};
    if (auto i = find(home, x); i != home.blocks.end())
      erase(home, i, x);
  }
  home.settled.notify_all();
}

void gate::settle(const std::vector<reference>& refs) {
  for (auto next = refs.begin(); next != refs.end();) {
    // One lock for neighbours.
    auto place = position{*next}.shard;
    auto& home = shards_[place];
    {
      std::lock_guard guard{home.mutex};
      for (; next != refs.end(); ++next) {
        position x{*next};
        if (x.shard != place)
          break;
        if (auto i = find(home, x); i != home.blocks.end())
          erase(home, i, x);
      }
    }
    home.settled.notify_all();
  }
}

void gate::forget(reference ref) {
  position x{ref};
  auto& home = shards_[x.shard];
  std::lock_guard guard{home.mutex};
  auto i = find(home, x);
  // A delivery that is under way ends with `settle`.
  if (i != home.blocks.end() && (i->second.delivering & x.bit) == 0)
    erase(home, i, x);
}

size_t gate::size() const {
  size_t result = 0;
  for (const auto& home : shards_) {
    std::lock_guard guard{home.mutex};
    for (const auto& entry : home.blocks)
      result += std::bitset<block_size>{entry.second.open}.count();
  }
  return result;
}

} // namespace vigil
