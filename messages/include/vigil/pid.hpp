#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vigil {

/// Identifies a process: two pids are the same process only if node, creation,
/// number and serial all agree. A number-serial pair of 0.0 is no process.
struct pid {
  node_name node;
  creation life{};
  uint32_t number = 0;
  uint32_t serial = 0;

  friend bool operator==(const pid& x, const pid& y) noexcept {
    return x.node == y.node && x.life == y.life && x.number == y.number
           && x.serial == y.serial;
  }

  friend bool operator!=(const pid& x, const pid& y) noexcept {
    return !(x == y);
  }

  template <class H>
  friend H AbslHashValue(H state, const pid& x) {
    return H::combine(std::move(state), x.node, x.life, x.number, x.serial);
  }
};

/// Returns whether `x` can identify a process: a node, a creation, and a number
/// or serial other than 0.
inline bool valid(const pid& x) noexcept {
  return x.node && valid(x.life) && (x.number != 0 || x.serial != 0);
}

/// Prints `<alive@host:creation:number:serial>`.
std::string to_string(const pid& x);

/// Reads what `to_string` prints; nothing if `text` is something else.
std::optional<pid> parse_pid(std::string_view text);

} // namespace vigil

namespace std {

template <>
struct hash<vigil::pid> {
  size_t operator()(const vigil::pid& x) const noexcept {
    auto local = (static_cast<uint64_t>(x.serial) << 32) | x.number;
    auto h = hash<uint64_t>{}(local * 0x9e3779b97f4a7c15ULL);
    return h ^ hash<vigil::node_name>{}(x.node) ^ vigil::to_integer(x.life);
  }
};

} // namespace std
