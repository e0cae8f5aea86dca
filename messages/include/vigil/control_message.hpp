#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/opcode.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <string>
#include <variant>

namespace vigil {

/// `{19, Watcher, Target, Ref}`: asks the target's node to watch the target.
struct monitor_p {
  /// Its number in Erlang's protocol.
  static constexpr opcode code = opcode::monitor_p;
  /// Gets the DOWN. A process of the node that sends this.
  pid watcher;
  /// A process of the node that receives this.
  target object;
  /// What the watcher's node calls the monitor.
  reference ref{};
};

/// `{20, Watcher, Target, Ref}`: takes a MONITOR_P back. Names the target as it
/// was monitored.
struct demonitor_p {
  /// Its number in Erlang's protocol.
  static constexpr opcode code = opcode::demonitor_p;
  /// As in the MONITOR_P.
  pid watcher;
  /// As in the MONITOR_P; a name is not looked up again.
  target object;
  /// As in the MONITOR_P.
  reference ref{};
};

/// `{21, Target, Watcher, Ref, Reason}`: tells the watcher's node that the
/// target has ended. Echoes the target exactly as it came.
struct monitor_p_exit {
  /// Its number in Erlang's protocol.
  static constexpr opcode code = opcode::monitor_p_exit;
  /// As in the MONITOR_P: the name, if it was monitored by name.
  target object;
  /// As in the MONITOR_P. A process of the node that receives this.
  pid watcher;
  /// As in the MONITOR_P.
  reference ref{};
  /// The target's own, or `noproc` if it was not alive when the MONITOR_P came.
  exit_reason reason;
};

/// What travels between the control planes of two nodes.
using control_message = std::variant<monitor_p, demonitor_p, monitor_p_exit>;

/// Returns the opcode of the message that `x` holds. That of one kind of
/// message is its `code`.
inline opcode opcode_of(const control_message& x) noexcept {
  return std::visit([](const auto& y) { return y.code; }, x);
}

/// Returns whether every field can be what it claims to be. Whether the sender
/// may say it at all is decided by the control plane that receives it.
/// @{
bool valid(const monitor_p& x) noexcept;
bool valid(const demonitor_p& x) noexcept;
bool valid(const monitor_p_exit& x) noexcept;
bool valid(const control_message& x) noexcept;
/// @}

/// Prints a message for people, for example
/// `{MONITOR_P,<a@h:1:2:0>,{db,b@h},#Ref<1>}`.
/// @{
std::string to_string(const monitor_p& x);
std::string to_string(const demonitor_p& x);
std::string to_string(const monitor_p_exit& x);
std::string to_string(const control_message& x);
/// @}

/// Compares all fields.
/// @{
bool operator==(const monitor_p& x, const monitor_p& y) noexcept;
bool operator==(const demonitor_p& x, const demonitor_p& y) noexcept;
bool operator==(const monitor_p_exit& x, const monitor_p_exit& y) noexcept;
/// @}

} // namespace vigil
