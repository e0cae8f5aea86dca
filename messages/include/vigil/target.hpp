#pragma once

// Whoever writes a target in a program writes names.
#include <vigil/literals.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace vigil {

/// A process by the name under which it is registered on its node.
struct named_target {
  /// Looked up once: when the request is made, on the own node, and when it
  /// arrives on another.
  process_name name;
  /// Where it is registered; may be the watcher's own node.
  node_name node;

  /// Compares both.
  /// @{
  friend bool operator==(const named_target& x,
                         const named_target& y) noexcept {
    return x.name == y.name && x.node == y.node;
  }

  friend bool operator!=(const named_target& x,
                         const named_target& y) noexcept {
    return !(x == y);
  }
  /// @}

  template <class H>
  friend H AbslHashValue(H state, const named_target& x) {
    return H::combine(std::move(state), x.name, x.node);
  }
};

/// What a monitor watches, exactly as the watcher named it. A DOWN message
/// calls it the object of the monitor.
using target = std::variant<pid, named_target>;

// Every message and every DOWN holds one.
static_assert(sizeof(target) == (sizeof(void*) == 8 ? 32 : 20));

/// Returns the node on which `x` lives.
inline node_name node_of(const target& x) noexcept {
  return std::visit([](const auto& y) { return y.node; }, x);
}

/// Returns whether `x` names a process and a node.
inline bool valid(const named_target& x) noexcept {
  return x.name && x.node;
}

/// Returns whether `x` can name a process: a valid pid, or a name on a node.
inline bool valid(const target& x) noexcept {
  return std::visit([](const auto& y) { return valid(y); }, x);
}

/// Prints `{name,alive@host}`.
std::string to_string(const named_target& x);

/// Prints a pid or a `{name,alive@host}`.
std::string to_string(const target& x);

/// Reads what `to_string` prints; nothing if `text` is something else.
std::optional<target> parse_target(std::string_view text);

} // namespace vigil
