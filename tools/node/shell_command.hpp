#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>
#include <vigil/reference.hpp>
#include <vigil/resolver.hpp>
#include <vigil/result.hpp>
#include <vigil/target.hpp>

#include <optional>
#include <string_view>
#include <variant>

namespace vigil {

// What can be said to a node shell, one struct a command.

namespace command {

/// `spawn [NAME]`
struct spawn {
  std::optional<process_name> name;
};

/// `exit PID REASON`
struct exit {
  pid process;
  exit_reason reason;
};

/// `register NAME PID`
struct register_name {
  process_name name;
  pid process;
};

/// `unregister NAME`
struct unregister_name {
  process_name name;
};

/// `whereis NAME`
struct whereis {
  process_name name;
};

/// `connect NODE [HOST:PORT] [keep]`
struct connect {
  node_name peer;
  std::optional<node_address> address;
  bool keep = false;
};

/// `disconnect NODE`
struct disconnect {
  node_name peer;
};

/// `monitor WATCHER TARGET`
struct monitor {
  pid watcher;
  target object;
};

/// `demonitor WATCHER REF [flush] [info]`
struct demonitor {
  pid watcher;
  reference ref{};
  bool flush = false;
  bool info = false;
};

/// `sync NODE`
struct sync {
  node_name peer;
};

/// `monitors PID`
struct monitors {
  pid process;
};

/// `monitored_by PID`
struct monitored_by {
  pid process;
};

/// `nodes`
struct nodes {};

/// `stats`
struct stats {};

/// `downs PID`
struct downs {
  pid process;
};

/// `quit`
struct quit {};

} // namespace command

using shell_command
  = std::variant<command::spawn, command::exit, command::register_name,
                 command::unregister_name, command::whereis, command::connect,
                 command::disconnect, command::monitor, command::demonitor,
                 command::sync, command::monitors, command::monitored_by,
                 command::nodes, command::stats, command::downs, command::quit>;

/// Reads one line of a node shell. Blanks separate the words; a carriage return
/// at the end counts as part of the line end. Errors: `unknown_command`,
/// `bad_argument`, each with a detail.
result<shell_command> parse_command(std::string_view line);

/// Returns whether `line` holds nothing but blanks.
bool is_blank(std::string_view line) noexcept;

} // namespace vigil
