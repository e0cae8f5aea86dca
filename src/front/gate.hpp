#pragma once

#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include "src/table/clustered_hash.hpp"
#include "src/table/slab.hpp"
#include "src/table/slot_index.hpp"

#include "absl/container/flat_hash_map.h"

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace vigil {

/// Decides for each reference whether its monitor ends by DOWN or by demonitor:
/// whoever takes it first wins. So a caller's thread can demonitor without
/// asking the control plane, and no DOWN follows.
///
/// A DOWN passes in two steps, `claim` before and `delivered` after its
/// delivery, because demonitor may return only when no delivery is under way
/// any more.
///
/// It also keeps, until the control plane comes to the request, what the caller
/// of a monitor has seen of a target on its own node: by the time the target
/// may be gone, and its end is on its way.
///
/// Thread-safety: all members may be called from any thread.
class gate {
public:
  /// Admits a new reference; `watcher` is the only process that may demonitor.
  /// @pre `ref` was never admitted before
  void open(reference ref, const pid& watcher);

  /// What `close` found.
  enum class closing {
    /// A live monitor of this watcher: no DOWN was or will be delivered.
    won,
    /// Nothing that this watcher may end, or a DOWN was delivered before.
    lost,
  };

  /// Ends the monitor from the side of demonitor. Waits for a delivery that is
  /// under way, unless `may_wait` is false: a call from within the delivery
  /// itself must not wait for it.
  closing close(reference ref, const pid& watcher, bool may_wait = true);

  /// Ends the monitor from the side of DOWN: returns whether the DOWN may be
  /// delivered. If so, `delivered` must follow the delivery.
  bool claim(reference ref);

  /// Does so for all DOWNs of one delivery, in their order; `passed` tells
  /// which may be delivered. Cheaper than one by one.
  void claim(const std::vector<reference>& refs, std::vector<bool>& passed);

  /// Says that the DOWN that was claimed has been delivered.
  void delivered(reference ref);

  /// Says the same of all DOWNs of one delivery; cheaper than one by one.
  void delivered(const std::vector<reference>& refs);

  /// Ends a monitor that neither a DOWN nor a demonitor ends: the watcher has
  /// ended, or it was never granted.
  void forget(reference ref);

  // -- what the caller saw of the target --------------------------------------

  /// Notes that the caller has seen the target alive, after the request was
  /// handed over. Does nothing if the monitor has ended.
  void note_alive(reference ref);

  /// Whom a caller has seen under a name; nothing if nobody had it.
  using sighting = std::optional<pid>;

  /// Notes whom the caller has seen under the target's name. Does nothing if
  /// the monitor has ended, or `take_named` was faster.
  void note_named(reference ref, const sighting& who);

  /// Returns whether `note_alive` found the monitor open.
  bool seen_alive(reference ref) const;

  /// Returns what `note_named` has noted, if it has, and forgets it; from now
  /// on nothing is noted for this reference.
  std::optional<sighting> take_named(reference ref);

  /// Returns how many references are open or being delivered.
  size_t size() const;

private:
  static constexpr size_t block_size = 16;

  /// Some references in a row. They are given out in a row, and used so; one
  /// block takes less memory than an index entry for each.
  struct block {
    /// Its number in its shard.
    uint64_t number;
    /// Which of them are open, and of those, which are being delivered.
    uint16_t open;
    uint16_t delivering;
    /// Those whose target the caller has seen, and those for which that does
    /// not matter any more.
    uint16_t seen;
    uint16_t decided;
    /// The `local_number` of each one's watcher: all watchers belong to one
    /// life of one node.
    std::array<uint64_t, block_size> watchers;

    /// Lets a DOWN pass, if its reference is open and not being delivered.
    bool claim(uint16_t bit) noexcept;
  };

  /// Small chunks: there is a slab in each shard.
  using block_store = slab<block, 32>;

  struct block_key {
    static uint64_t of(const block_store& blocks, slot x) noexcept {
      return blocks[x].number;
    }

    static uint64_t hash(uint64_t x) noexcept {
      return clustered_hash(x);
    }
  };

  using block_index = slot_index<block_store, block_key>;

  /// Where a reference is: its shard, its block, and its bit in it.
  struct position {
    explicit position(reference ref) noexcept;

    /// Returns what no other reference of the shard has.
    uint64_t key() const noexcept {
      return block * block_size + index;
    }

    size_t shard;
    uint64_t block;
    size_t index;
    uint16_t bit;
  };

  struct shard_state {
    /// Returns where the block is in which `x` is open, or `nowhere()`.
    block_index::place find(const position& x) const;

    /// Takes references out of their block, and the block away if they were
    /// the last.
    void erase(block_index::place where, uint16_t bits);

    /// Forgets whom the callers of some references of a block have seen.
    void forget_named(const block& there, uint16_t bits);

    mutable std::mutex mutex;
    std::condition_variable idle;
    /// Whom callers have seen under a name, by the place of the reference in
    /// this shard. Few at a time: the control plane takes them away.
    absl::flat_hash_map<uint64_t, sighting> named;
    block_store blocks;
    block_index by_number{blocks};
  };

  using iterator = std::vector<reference>::const_iterator;

  /// Returns the end of those behind `first` that share its block: one lock and
  /// one search is enough for them.
  static iterator end_of_block(iterator first, iterator last) noexcept;

  static constexpr size_t num_shards = 16;

  std::array<shard_state, num_shards> shards_;
};

} // namespace vigil
