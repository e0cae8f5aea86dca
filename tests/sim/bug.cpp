#include "tests/sim/bug.hpp"

namespace vigil::sim {

const std::vector<bug_entry>& all_bugs() {
  static const std::vector<bug_entry> result{
    {bug::exit_sender_unchecked, "exit-sender-unchecked",
     "whoever says that a target has ended is believed"},
    {bug::stale_frame_applied, "stale-frame-applied",
     "a frame of a session that is over passes for one of the present session"},
    {bug::watcher_end_ignored, "watcher-end-ignored",
     "the end of a process that is only a watcher is not reported"},
    {bug::nodedown_first, "nodedown-first",
     "nodedown is told before the DOWNs of the loss"},
    {bug::demonitor_swallowed, "demonitor-swallowed",
     "a demonitor that won the gate does not reach the core"},
    {bug::gate_ignored, "gate-ignored",
     "a DOWN is delivered whatever the gate says"},
    {bug::demonitor_lost_in_loss, "demonitor-lost-in-loss",
     "a demonitor that comes while a loss is delivered in slices is lost"},
    {bug::resolve_after_exit, "resolve-after-exit",
     "a process that has ended still answers when it is looked up"},
    {bug::note_forgotten, "note-forgotten",
     "a caller does not note that it has seen a target of its own node"},
    {bug::asked_too_early, "asked-too-early",
     "a caller looks for a target of its own node before it hands over the "
     "request"},
    {bug::goodbye_overtakes, "goodbye-overtakes",
     "the goodbye of a node that stops overtakes exits on their way"},
    {bug::gap_hidden, "gap-hidden",
     "frames are renumbered on arrival, so that none seems to be missing"},
    {bug::down_dropped, "down-dropped", "now and then a DOWN is forgotten"},
    {bug::down_doubled, "down-doubled",
     "now and then a DOWN is delivered twice"},
    {bug::wrong_reason, "wrong-reason",
     "an exit arrives as noproc although the process was there"},
    {bug::goodbye_mistaken, "goodbye-mistaken",
     "the DOWNs of a node that stops seem to come from a lost link"},
    {bug::loss_miscounted, "loss-miscounted",
     "now and then a DOWN has the number of the loss before"},
    {bug::ticks_forgotten, "ticks-forgotten", "ticks are not sent"},
    {bug::timer_lost, "timer-lost", "a timer is not set a second time"},
  };
  return result;
}

std::optional<bug> parse_bug(std::string_view name) {
  for (const auto& x : all_bugs())
    if (x.name == name)
      return x.what;
  return std::nullopt;
}

} // namespace vigil::sim
