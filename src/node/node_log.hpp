#pragma once

#include <vigil/log.hpp>
#include "src/node/node_host.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vigil {

/// Makes log records of what a node executor notes, and hands them to a sink.
class node_log {
public:
  /// Returns what time it is for those who read the records.
  using calendar = std::function<std::chrono::system_clock::time_point()>;

  /// `sink` may be null: then nothing is written.
  node_log(log_sink sink, calendar now);

  void note(const effect::node_up& x) const;
  void note(const effect::node_down& x) const;
  void note(const effect::connect_failed& x) const;
  void note(const effect::ticks_missed& x) const;
  void note(const exit_fault& x) const;

  /// Writes a record. A sink that throws loses it, and nothing else comes of
  /// it. The sink is in a callback, where nothing may wait.
  void write(log_level level, std::string_view event,
             std::vector<log_field> fields, std::string text) const noexcept;

private:
  log_sink sink_;
  calendar now_;
};

} // namespace vigil
