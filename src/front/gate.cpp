#include "src/front/gate.hpp"

#include <bitset>

namespace vigil {

gate::position::position(reference ref) noexcept
  : index(to_integer(ref) % block_size),
    bit(static_cast<uint16_t>(1u << index)) {
  // Neighbouring blocks share a shard, and are neighbours in it too.
  constexpr uint64_t in_a_row = 4;
  auto number = to_integer(ref) / block_size;
  auto row = number / in_a_row;
  shard = row % num_shards;
  block = row / num_shards * in_a_row + number % in_a_row;
}

gate::block_index::place gate::shard_state::find(const position& x) const {
  auto where = by_number.locate(x.block);
  return where != by_number.nowhere() && (blocks[*where].open & x.bit) == 0
           ? by_number.nowhere()
           : where;
}

void gate::shard_state::erase(block_index::place where, uint16_t bits) {
  auto number = *where;
  auto& there = blocks[number];
  if (auto forgotten = there.seen & bits; forgotten != 0 && !named.empty())
    forget_named(there, static_cast<uint16_t>(forgotten));
  // References are not given out twice: what was noted of these is not asked
  // for again.
  there.open = static_cast<uint16_t>(there.open & ~bits);
  there.delivering = static_cast<uint16_t>(there.delivering & ~bits);
  if (there.open != 0)
    return;
  by_number.erase(where);
  blocks.erase(number);
}

void gate::shard_state::forget_named(const block& there, uint16_t bits) {
  for (size_t i = 0; i < block_size; ++i)
    if ((bits >> i & 1) != 0)
      named.erase(there.number * block_size + i);
}

bool gate::block::claim(uint16_t bit) noexcept {
  if ((open & bit) == 0 || (delivering & bit) != 0)
    return false;
  delivering = static_cast<uint16_t>(delivering | bit);
  return true;
}

gate::iterator gate::end_of_block(iterator first, iterator last) noexcept {
  auto number = to_integer(*first) / block_size;
  do
    ++first;
  while (first != last && to_integer(*first) / block_size == number);
  return first;
}

void gate::open(reference ref, const pid& watcher) {
  position x{ref};
  auto& shard = shards_[x.shard];
  std::lock_guard guard{shard.mutex};
  auto number = shard.by_number.find(x.block);
  if (number == no_slot) {
    number = shard.blocks.insert();
    shard.blocks[number] = {x.block, 0, 0, 0, 0, {}};
    shard.by_number.insert(number);
  }
  auto& there = shard.blocks[number];
  there.open = static_cast<uint16_t>(there.open | x.bit);
  there.watchers[x.index] = local_number(watcher);
}

gate::closing gate::close(reference ref, const pid& watcher, bool may_wait) {
  position x{ref};
  auto& shard = shards_[x.shard];
  std::unique_lock guard{shard.mutex};
  auto where = shard.find(x);
  if (where == shard.by_number.nowhere()
      || shard.blocks[*where].watchers[x.index] != local_number(watcher))
    return closing::lost;
  if ((shard.blocks[*where].delivering & x.bit) == 0) {
    shard.erase(where, x.bit);
    return closing::won;
  }
  if (may_wait)
    shard.idle.wait(guard,
                    [&] { return shard.find(x) == shard.by_number.nowhere(); });
  return closing::lost;
}

bool gate::claim(reference ref) {
  position x{ref};
  auto& shard = shards_[x.shard];
  std::lock_guard guard{shard.mutex};
  auto number = shard.by_number.find(x.block);
  return number != no_slot && shard.blocks[number].claim(x.bit);
}

void gate::claim(const std::vector<reference>& refs,
                 std::vector<bool>& passed) {
  passed.clear();
  passed.reserve(refs.size());
  for (auto next = refs.begin(); next != refs.end();) {
    auto end = end_of_block(next, refs.end());
    position x{*next};
    auto& shard = shards_[x.shard];
    std::lock_guard guard{shard.mutex};
    auto number = shard.by_number.find(x.block);
    for (; next != end; ++next)
      passed.push_back(number != no_slot
                       && shard.blocks[number].claim(position{*next}.bit));
  }
}

void gate::delivered(reference ref) {
  position x{ref};
  auto& shard = shards_[x.shard];
  {
    std::lock_guard guard{shard.mutex};
    if (auto where = shard.find(x); where != shard.by_number.nowhere())
      shard.erase(where, x.bit);
  }
  shard.idle.notify_all();
}

void gate::delivered(const std::vector<reference>& refs) {
  for (auto next = refs.begin(); next != refs.end();) {
    auto end = end_of_block(next, refs.end());
    position x{*next};
    auto& shard = shards_[x.shard];
    uint16_t bits = 0;
    for (; next != end; ++next)
      bits = static_cast<uint16_t>(bits | position{*next}.bit);
    {
      std::lock_guard guard{shard.mutex};
      if (auto where = shard.by_number.locate(x.block);
          where != shard.by_number.nowhere())
        shard.erase(where, bits);
    }
    shard.idle.notify_all();
  }
}

void gate::forget(reference ref) {
  position x{ref};
  auto& shard = shards_[x.shard];
  std::lock_guard guard{shard.mutex};
  auto where = shard.find(x);
  // A delivery that is under way ends with `delivered`.
  if (where != shard.by_number.nowhere()
      && (shard.blocks[*where].delivering & x.bit) == 0)
    shard.erase(where, x.bit);
}

// -- what the caller saw of the target ----------------------------------------

void gate::note_alive(reference ref) {
  position x{ref};
  auto& shard = shards_[x.shard];
  std::lock_guard guard{shard.mutex};
  auto where = shard.find(x);
  if (where == shard.by_number.nowhere())
    return;
  auto& there = shard.blocks[*where];
  there.seen = static_cast<uint16_t>(there.seen | x.bit);
}

void gate::note_named(reference ref, const sighting& who) {
  position x{ref};
  auto& shard = shards_[x.shard];
  std::lock_guard guard{shard.mutex};
  auto where = shard.find(x);
  if (where == shard.by_number.nowhere())
    return;
  auto& there = shard.blocks[*where];
  if ((there.decided & x.bit) != 0)
    return;
  there.seen = static_cast<uint16_t>(there.seen | x.bit);
  shard.named.emplace(x.key(), who);
}

bool gate::seen_alive(reference ref) const {
  position x{ref};
  auto& shard = shards_[x.shard];
  std::lock_guard guard{shard.mutex};
  auto where = shard.find(x);
  return where != shard.by_number.nowhere()
         && (shard.blocks[*where].seen & x.bit) != 0;
}

std::optional<gate::sighting> gate::take_named(reference ref) {
  position x{ref};
  auto& shard = shards_[x.shard];
  std::lock_guard guard{shard.mutex};
  auto where = shard.find(x);
  if (where == shard.by_number.nowhere())
    return std::nullopt;
  auto& there = shard.blocks[*where];
  there.decided = static_cast<uint16_t>(there.decided | x.bit);
  auto noted = shard.named.extract(x.key());
  if (noted.empty())
    return std::nullopt;
  return noted.mapped();
}

size_t gate::size() const {
  size_t result = 0;
  for (const auto& shard : shards_) {
    std::lock_guard guard{shard.mutex};
    shard.by_number.for_each([&](slot number) {
      result += std::bitset<block_size>{shard.blocks[number].open}.count();
    });
  }
  return result;
}

} // namespace vigil
