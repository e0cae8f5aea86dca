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
  /// Where it runs, or ran.
  node_name node;
  /// What Erlang calls the creation of the node.
  creation life{};
  /// Any number; with the serial it is given once in the life of a node.
  uint32_t number = 0;
  /// Any number; what `runtime_front::new_pid` carries over to.
  uint32_t serial = 0;

  /// Compares all four.
  /// @{
  friend bool operator==(const pid& x, const pid& y) noexcept {
    return x.node == y.node && x.life == y.life && x.number == y.number
           && x.serial == y.serial;
  }

  friend bool operator!=(const pid& x, const pid& y) noexcept {
    return !(x == y);
  }
  /// @}

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

/// Returns number and serial as one number, the serial in the upper half. It
/// tells the processes of one life of one node apart, and is 0 for no process.
constexpr uint64_t local_number(const pid& x) noexcept {
  return (uint64_t{x.serial} << 32) | x.number;
}

/// Orders pids by the text of their node, then by creation and
/// `local_number`, so that the order is the same in every run.
inline bool operator<(const pid& x, const pid& y) noexcept {
  if (x.node != y.node)
    return x.node < y.node;
  if (x.life != y.life)
    return x.life < y.life;
  return local_number(x) < local_number(y);
}

/// Returns the pid that has this `local_number` in this life of this node.
inline pid make_pid(node_name node, creation life, uint64_t local) noexcept {
  return {node, life, static_cast<uint32_t>(local),
          static_cast<uint32_t>(local >> 32)};
}

/// Returns the pid for a number and a serial of 64 bits each, as runtimes count
/// whose pids are wider than Erlang's. Where the serial is 0, all 64 bits of
/// the number may be in use: it becomes the `local_number`. Otherwise both must
/// have at most 32 bits. Returns nothing if they have more, or are both 0.
///
/// Number 2^32 + 7 without a serial and number 7 with serial 1 are the same
/// pid: in one life of a node, use one way or the other.
inline std::optional<pid> make_wide_pid(node_name node, creation life,
                                        uint64_t number,
                                        uint64_t serial) noexcept {
  if (serial == 0 && number != 0)
    return make_pid(node, life, number);
  if (serial == 0 || number > UINT32_MAX || serial > UINT32_MAX)
    return std::nullopt;
  return pid{node, life, static_cast<uint32_t>(number),
             static_cast<uint32_t>(serial)};
}

/// Prints `<alive@host:creation:number:serial>`.
std::string to_string(const pid& x);

/// Reads what `to_string` prints; nothing if `text` is something else.
std::optional<pid> parse_pid(std::string_view text);

} // namespace vigil

namespace std {

/// The same in every run, as that of a `node_name`.
template <>
struct hash<vigil::pid> {
  size_t operator()(const vigil::pid& x) const noexcept {
    auto local = vigil::local_number(x);
    auto h = hash<uint64_t>{}(local * 0x9e3779b97f4a7c15ULL);
    return h ^ hash<vigil::node_name>{}(x.node) ^ vigil::to_integer(x.life);
  }
};

} // namespace std
