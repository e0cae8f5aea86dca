#pragma once

#include <vigil/core/time_point.hpp>
#include "messages/session_message.hpp"
#include "src/link/deadline_set.hpp"
#include "src/link/ids.hpp"
#include "src/session/session.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace vigil {

class peer;

/// One connection to another node's endpoint, and what became of it.
///
/// Thread-safety: none; owned by a session layer.
struct contact : deadline_entry {
  enum class phase {
    /// Numbers are being exchanged.
    greeting,
    /// Introduced, but an older session under the name is being probed, or the
    /// control plane is not done with its end.
    held,
    /// The session works.
    up,
    /// Goodbye was said by one side; nothing counts any more but its end.
    leaving,
  };

  connection_id connection{};
  phase state = phase::greeting;
  /// This node dialled it.
  bool dialled = false;
  /// The peer has said hello.
  bool introduced = false;
  /// The node that was dialled, or that has introduced itself; null before.
  vigil::peer* peer = nullptr;
  session_number own_number{};
  /// What the peer has said of itself.
  session_end other;
  /// The end of the set-up or goodbye time; means nothing while up.
  time_point deadline;
  /// Tokens of those who want to know when all has been applied: not asked yet,
  /// because frames still wait for the window, and asked.
  std::vector<uint64_t> syncs;
  std::vector<uint64_t> asked_syncs;
  /// When those that were asked are asked again: a probe or its answer can be
  /// lost although no frame is, and then the session goes on.
  time_point sync_deadline;
  /// The session, while up; when it came up; and how many missed ticks have
  /// been reported since the peer was last heard.
  std::unique_ptr<session> live;
  time_point up_since;
  uint32_t missed = 0;
  /// What waits for the peer has reached the bound.
  bool full = false;
  /// How late this node had been in all when the detector of the session last
  /// learnt of it, or made it irrelevant by hearing the peer.
  timespan lateness{};
  /// It stands in the lists of a session schedule.
  bool sends = false;
  bool changes = false;
};

} // namespace vigil
