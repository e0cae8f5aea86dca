#pragma once

#include "testkit/net/parcel.hpp"
#include "tests/sim/journal.hpp"
#include "tests/sim/process_ledger.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace vigil::sim {

using testkit::frame_mark;

/// Knows which session of one node belongs to which of the other, and throws as
/// soon as a frame is applied to another session than its own, or out of turn.
class session_ledger {
public:
  /// The node `receiver` has applied a frame in its session number `epoch` with
  /// the sender's name.
  void applied(life_id receiver, uint64_t epoch, const frame_mark& mark) {
    auto& session = sessions_[{{receiver, mark.sender}, epoch}];
    if (session.next == 1)
      bind(receiver, epoch, mark, session);
    if (session.epoch != mark.epoch)
      throw violation("a frame of session " + std::to_string(mark.epoch)
                      + " was applied to session "
                      + std::to_string(session.epoch) + " of its sender");
    if (session.next != mark.sequence)
      throw violation("frame " + std::to_string(mark.sequence)
                      + " was applied where frame "
                      + std::to_string(session.next) + " was due");
    ++session.next;
  }

private:
  struct pairing {
    /// The sender's count of its sessions.
    uint64_t epoch = 0;
    uint64_t next = 1;
  };

  void bind(life_id receiver, uint64_t epoch, const frame_mark& mark,
            pairing& x) {
    x.epoch = mark.epoch;
    auto [i, added] = epochs_.emplace(
      std::pair{std::pair{receiver, mark.sender}, mark.epoch}, epoch);
    if (!added && i->second != epoch)
      throw violation("one session of the sender was applied to two of the "
                      "receiver");
  }

  using direction = std::pair<life_id, life_id>;

  std::map<std::pair<direction, uint64_t>, pairing> sessions_;
  std::map<std::pair<direction, uint64_t>, uint64_t> epochs_;
};

} // namespace vigil::sim
