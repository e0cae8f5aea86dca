#pragma once

#include <vigil/process_name.hpp>

#include "absl/container/flat_hash_map.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vigil {

/// Stores each process name once, counts its uses, and numbers it, so that a
/// monitor by name is not larger than one by pid.
///
/// Thread-safety: none.
class name_pool {
public:
  /// Returns the number of `name` and counts one more use of it.
  uint32_t acquire(const process_name& name);

  /// Counts one use less and drops a name that is no longer used.
  void release(uint32_t number);

  /// Returns the number of `name` if it is in use.
  std::optional<uint32_t> find(const process_name& name) const;

  const process_name& operator[](uint32_t number) const noexcept {
    return entries_[number].name;
  }

  size_t size() const noexcept {
    return numbers_.size();
  }

private:
  struct entry {
    process_name name;
    size_t uses = 0;
  };

  std::vector<entry> entries_;
  std::vector<uint32_t> free_;
  absl::flat_hash_map<process_name, uint32_t> numbers_;
};

} // namespace vigil
