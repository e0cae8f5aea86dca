#pragma once

#include <cstdint>
#include <string_view>

namespace vigil {

/// Where a DOWN comes from; the provenance of its reason. Two DOWNs with equal
/// reasons can be of different origins: `noconnection` is said of a link that
/// is lost and of one that never was, `noproc` by this node and by another, and
/// a process may end with either as a reason of its own.
enum class down_origin : uint8_t {
  /// The target has ended, with this very reason.
  exit = 0,
  /// `noproc`: the target, a process of the watcher's own node, was not alive.
  noproc_here,
  /// `noproc`: the other node said so, whatever it meant by it: that the target
  /// was not alive, or has ended with this reason.
  noproc_there,
  /// `noconnection`: the name of the target's node could not be resolved
  /// (`errc::unresolvable`).
  no_address,
  /// `noconnection`: no link to the target's node could be made, for any other
  /// reason.
  setup_failed,
  /// `noconnection`: the link to the target's node has ended, other than by the
  /// peer's goodbye.
  link_lost,
  /// `noconnection`: the target's node has said goodbye, because it shuts down
  /// in good order (`down_cause::shutdown`).
  shutdown,
};

/// Returns the name of `x`, as printed by the command, e.g. `link_lost`.
constexpr std::string_view to_string(down_origin x) noexcept {
  switch (x) {
    case down_origin::exit:
      return "exit";
    case down_origin::noproc_here:
      return "noproc_here";
    case down_origin::noproc_there:
      return "noproc_there";
    case down_origin::no_address:
      return "no_address";
    case down_origin::setup_failed:
      return "setup_failed";
    case down_origin::link_lost:
      return "link_lost";
    case down_origin::shutdown:
      return "shutdown";
  }
  return "unknown";
}

} // namespace vigil
