#pragma once

#include <cstdint>
#include <string_view>

namespace vigil {

/// The control messages of remote process monitors, with the numbers of the
/// Erlang distribution protocol.
/// @see Erlang/OTP, "Distribution Protocol", "Protocol between Connected Nodes"
enum class opcode : uint8_t {
  /// From the watcher's node to the target's: watch this process.
  monitor_p = 19,
  /// From the watcher's node to the target's: watch it no longer.
  demonitor_p = 20,
  /// From the target's node to the watcher's: the process has ended.
  monitor_p_exit = 21,
};

/// Returns the name in Erlang's documents, `MONITOR_P` for instance; `unknown`
/// for a number that is none of these.
constexpr std::string_view to_string(opcode x) noexcept {
  switch (x) {
    case opcode::monitor_p:
      return "MONITOR_P";
    case opcode::demonitor_p:
      return "DEMONITOR_P";
    case opcode::monitor_p_exit:
      return "MONITOR_P_EXIT";
  }
  return "unknown";
}

} // namespace vigil
