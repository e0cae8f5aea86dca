#pragma once

#include <cstdint>

#include "absl/container/flat_hash_map.h"

namespace vigil::bench {

/// A monitor, as a program knows it that has nothing else to do.
struct bare_monitor {
  uint64_t watcher = 0;
  uint64_t target = 0;
  uint64_t reference = 0;
};

/// All monitors of one side, by what is sent for each.
using bare_table = absl::flat_hash_map<uint32_t, bare_monitor>;

/// What a watcher is told; of the size of a DOWN that waits in a mailbox.
struct bare_message {
  uint64_t watcher = 0;
  uint64_t target = 0;
  uint64_t reference = 0;
  uint64_t reason = 0;
  uint64_t origin = 0;
  uint64_t life = 0;
  uint64_t loss = 0;
};

static_assert(sizeof(bare_message) == 56);

} // namespace vigil::bench
