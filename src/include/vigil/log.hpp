#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vigil {

/// How much a log record matters.
enum class log_level : uint8_t {
  /// For those who look for a fault in vigil itself.
  debug,
  /// What happens when all is well.
  info,
  /// What somebody may want to look into.
  warning,
  /// What somebody has to look into.
  error,
};

/// Returns the name of `x`, e.g. `warning`.
std::string_view to_string(log_level x) noexcept;

/// One of the particulars of a log record.
struct log_field {
  /// What it is, e.g. `node`; lasts for the life of the program.
  std::string_view name;
  /// Its value as a text, a number in digits.
  std::string value;
};

/// One thing that has happened on a node, for people and for tools.
///
/// Events, their levels and their fields:
///
/// - `nodeup`, info: `node`, `creation`
/// - `nodedown`, warning: `node`, `cause` (`down_cause`), `detail`,
///   `silence_ms`, `detection_ms`, `loss`
/// - `connect_failed`, info: `node`, `error` (`errc`), `detail`
/// - `ticks_missed`, warning: `node`, `count`, `silence_ms`
/// - `exit_twice`, `exit_alive`, warning: `pid`, `count`; the runtime has
///   reported an end a second time, or of a process that `alive` says is there;
///   written at each power of two of their number
/// - `left_behind`, error: none; some actors have not ended with their node
struct log_record {
  /// How much it matters.
  log_level level = log_level::info;
  /// When it was written.
  std::chrono::system_clock::time_point time;
  /// What has happened, in one word; lasts for the life of the program.
  std::string_view event;
  /// The particulars, always the same ones in the same order for one event.
  std::vector<log_field> fields;
  /// All of it as one sentence, without a line end.
  std::string text;
};

/// Takes one record. May be called from any thread, also from several at once.
/// Must not wait for the node; what it throws is dropped.
using log_sink = std::function<void(const log_record&)>;

} // namespace vigil
