#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigil {

/// Identifies one monitor on the node that made it, while that node runs.
/// References of monitors start at `first_reference` and end at
/// `last_reference`.
enum class reference : uint64_t {};

/// Returns the number; 0 for no reference.
constexpr uint64_t to_integer(reference x) noexcept {
  return static_cast<uint64_t>(x);
}

/// The first reference of a node's life.
inline constexpr reference first_reference{uint64_t{1} << 56};

/// The last reference of a node's life.
inline constexpr reference last_reference{(uint64_t{1} << 60) - 1};

/// Returns whether `x` can be the reference of a monitor.
constexpr bool valid(reference x) noexcept {
  return x >= first_reference && x <= last_reference;
}

/// Prints `#Ref<number>`.
std::string to_string(reference x);

/// Reads what `to_string` prints; nothing if `text` is something else or the
/// number is no valid reference.
std::optional<reference> parse_reference(std::string_view text);

} // namespace vigil
