#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace vigil::sim {

/// Bugs that the harness can put between the core and the world, to show that
/// the simulator would find them. The product knows nothing of them.
enum class bug {
  none,
  exit_sender_unchecked,
  stale_frame_applied,
  watcher_end_ignored,
  nodedown_first,
  demonitor_swallowed,
  gate_ignored,
  demonitor_lost_in_loss,
  resolve_after_exit,
  note_forgotten,
  asked_too_early,
  goodbye_overtakes,
  gap_hidden,
  down_dropped,
  down_doubled,
  wrong_reason,
  goodbye_mistaken,
  loss_miscounted,
  ticks_forgotten,
  timer_lost,
};

struct bug_entry {
  bug what;
  std::string_view name;
  std::string_view sentence;
};

/// All bugs but `none`.
const std::vector<bug_entry>& all_bugs();

std::optional<bug> parse_bug(std::string_view name);

} // namespace vigil::sim
