#include "src/node/node_log.hpp"

#include "src/front/callback_scope.hpp"

#include <utility>

namespace vigil {

namespace {

std::string in_milliseconds(timespan x) {
  using std::chrono::milliseconds;
  return std::to_string(std::chrono::duration_cast<milliseconds>(x).count());
}

} // namespace

std::string_view to_string(log_level x) noexcept {
  switch (x) {
    case log_level::debug:
      return "debug";
    case log_level::info:
      return "info";
    case log_level::warning:
      return "warning";
    case log_level::error:
      return "error";
  }
  return "unknown";
}

node_log::node_log(log_sink sink, calendar now)
  : sink_(std::move(sink)),
    now_(std::move(now)) {
  // nop
}

void node_log::note(const effect::node_up& x) const {
  write(log_level::info, "nodeup",
        {{"node", to_string(x.peer)},
         {"creation", std::to_string(to_integer(x.life))}},
        "nodeup " + to_string(x.peer));
}

void node_log::note(const effect::node_down& x) const {
  auto silence = in_milliseconds(x.silence);
  auto detection = in_milliseconds(x.detection);
  std::string cause{to_string(x.cause)};
  auto text = "nodedown " + to_string(x.peer) + ' ' + cause
              + (x.detail.empty() ? std::string{} : ": " + x.detail)
              + " (last heard " + silence + " ms ago, found out in " + detection
              + " ms)";
  write(log_level::warning, "nodedown",
        {{"node", to_string(x.peer)},
         {"cause", std::move(cause)},
         {"detail", x.detail},
         {"silence_ms", std::move(silence)},
         {"detection_ms", std::move(detection)},
         {"loss", std::to_string(x.loss)}},
        std::move(text));
}

void node_log::note(const effect::connect_failed& x) const {
  write(log_level::info, "connect_failed",
        {{"node", to_string(x.peer)},
         {"error", std::string{to_string(x.why.code)}},
         {"detail", x.why.detail}},
        "no connection to " + to_string(x.peer) + ": " + to_string(x.why));
}

void node_log::note(const effect::ticks_missed& x) const {
  auto count = std::to_string(x.count);
  auto silence = in_milliseconds(x.silence);
  auto text = to_string(x.peer) + " has missed " + count
              + " of its ticks (last heard " + silence + " ms ago)";
  write(log_level::warning, "ticks_missed",
        {{"node", to_string(x.peer)},
         {"count", std::move(count)},
         {"silence_ms", std::move(silence)}},
        std::move(text));
}

void node_log::note(const exit_fault& x) const {
  auto twice = x.what == exit_check::fault::twice;
  auto count = std::to_string(x.count);
  auto text = "the runtime has reported the end of " + to_string(x.process)
              + (twice ? " a second time" : " while it says that it is alive")
              + " (wrong reports until now: " + count + ')';
  write(log_level::warning, twice ? "exit_twice" : "exit_alive",
        {{"pid", to_string(x.process)}, {"count", std::move(count)}},
        std::move(text));
}

void node_log::write(log_level level, std::string_view event,
                     std::vector<log_field> fields,
                     std::string text) const noexcept {
  if (!sink_)
    return;
  // The sink is the program's as well: it must not wait for this thread.
  callback_scope scope;
  try {
    sink_({level, now_(), event, std::move(fields), std::move(text)});
  } catch (...) {
    return;
  }
}

} // namespace vigil
