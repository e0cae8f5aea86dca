#pragma once

#include <vigil/errc.hpp>
#include <vigil/resolver.hpp>
#include <vigil/runtime_front.hpp>
#include "tools/node/output.hpp"
#include "tools/node/shell_command.hpp"
#include "tools/node/shell_runtime.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace vigil {

/// Executes the commands of a node shell, one after the other, and prints one
/// answer to each.
///
/// Thread-safety: none; one thread gives the commands.
class shell {
public:
  /// What the arguments refer to must live longer.
  shell(runtime_front front, static_resolver& addresses,
        shell_runtime& processes, output& out);

  /// Executes one line; a blank one does nothing. Returns false after `quit`.
  bool execute(std::string_view line);

  /// Answers a line that was too long to be read.
  void refuse_long_line();

private:
  void run(const command::spawn& x);
  void run(const command::exit& x);
  void run(const command::register_name& x);
  void run(const command::unregister_name& x);
  void run(const command::whereis& x);
  void run(const command::connect& x);
  void run(const command::disconnect& x);
  void run(const command::monitor& x);
  void run(const command::demonitor& x);
  void run(const command::sync& x);
  void run(const command::monitors& x);
  void run(const command::monitored_by& x);
  void run(const command::nodes& x);
  void run(const command::stats& x);
  void run(const command::downs& x);
  void run(const command::quit& x);

  /// Returns whether `process` is a live process of this node; if it is not,
  /// that is the answer.
  bool check(const pid& process);

  void succeed(std::string_view values = {});
  void fail(const error& why);
  /// Answers `ok`, or the error that `code` stands for.
  void answer(errc code, std::string_view values = {},
              std::string_view detail = {});

  runtime_front front_;
  static_resolver& addresses_;
  shell_runtime& processes_;
  output& out_;
};

} // namespace vigil
