#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vigil {

/// Everything that can go wrong in a call to vigil, a command or a connection
/// attempt. Ignoring one that was returned is a mistake that compilers warn of.
/// Each has a name (`to_string`), a sentence for people (`sentence`),
/// and an answer to the question whether trying again can help (`may_retry`).
enum class [[nodiscard]] errc : uint8_t{
  /// Nothing is wrong.
  none = 0,
  /// No session with the node, and none was made.
  no_connection,
  /// The 2^60 - 2^56 references of this node's life are used up.
  reference_exhausted,
  /// What waits for a peer, or for the control plane, is at its bound.
  busy,
  /// The node is stopping or has stopped.
  shutdown,
  /// The process does not exist (any more).
  noproc,
  /// The process lives on another node.
  not_local,
  /// The name is already given to a process.
  name_taken,
  /// The name is not given to any process.
  not_registered,
  /// The text of an argument does not parse, or its value is out of range.
  bad_argument,
  /// No command of this name exists.
  unknown_command,
  /// A command-line or configuration-file option is unknown or malformed.
  bad_option,
  /// The address of a node cannot be resolved.
  unresolvable,
  /// The address refused the connection.
  refused,
  /// The session was not up within the set-up time.
  setup_timeout,
  /// Another live node carries the same name.
  duplicate_name,
  /// The node that answered carries another name than the one dialled.
  wrong_name,
  /// The two nodes share no version of the session protocol.
  version_mismatch,
  /// There is a working session with this node already.
  already_connected,
  /// The peer broke the session protocol, or is no vigil node.
  protocol_error,
  /// The connection was lost before the session was up.
  closed,
  /// The port is in use by another program.
  address_in_use,
  /// The address cannot be bound on this machine.
  bad_address,
  /// A bound is reached: that of a table, or the system's on threads,
  /// descriptors and memory.
  system_limit,
  /// The actor system at an address has the id of another one, this node's own
  /// or that of a node which is connected: CAF takes the two for one.
  duplicate_id,
};

/// Returns whether `x` says that something is wrong; bytes from a peer may say
/// anything.
constexpr bool valid(errc x) noexcept {
  return x > errc::none && x <= errc::duplicate_id;
}

/// Returns the name of `x`, as printed by the command, e.g. `no_connection`.
std::string_view to_string(errc x) noexcept;

/// Returns one sentence, without a final full stop, that says what is wrong.
std::string_view sentence(errc x) noexcept;

/// Returns whether the same call can succeed later without the caller changing
/// anything.
bool may_retry(errc x) noexcept;

/// An error code with the particulars of this case.
struct [[nodiscard]] error {
  /// What kind of fault it is; `none` if nothing is wrong.
  errc code;
  /// What exactly was wrong; may be empty.
  std::string detail;
};

/// Renders `NAME sentence` or `NAME sentence: detail` on one line.
std::string to_string(const error& x);

/// Compares code and particulars.
inline bool operator==(const error& x, const error& y) noexcept {
  return x.code == y.code && x.detail == y.detail;
}

} // namespace vigil
