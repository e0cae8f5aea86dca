#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>
#include <vigil/target.hpp>
#include "testkit/net/parcel.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace vigil::sim {

/// Orders everything that happens in a run; finer than the virtual clock.
using moment = uint64_t;

inline constexpr moment never = std::numeric_limits<moment>::max();

/// Numbers the lives of all nodes of a run.
using testkit::life_id;

/// Knows the truth about processes: when each began and ended, why, and under
/// which names it was registered when. Judges whether a reason can be true.
class process_ledger {
public:
  moment now() const noexcept {
    return now_;
  }

  /// Says that something happens; returns when.
  moment happens() noexcept {
    return ++now_;
  }

  life_id begin_life(node_name name);

  /// Ends a life and, without a reason, all its processes.
  void end_life(life_id x);

  void begin_process(life_id life, const pid& x);

  /// Ends a process, with a reason that no other process has.
  exit_reason end_process(const pid& x);

  void give_name(const pid& x, const process_name& name);

  void take_name(life_id life, const process_name& name);

  // -- questions --------------------------------------------------------------

  bool alive(const pid& x) const;

  /// Returns whether a process that `object` may have meant at some moment
  /// since `since` is alive.
  bool may_live(const target& object, moment since) const;

  /// Returns whether `object` may have meant `x` at some moment since `since`.
  bool may_mean(const target& object, const pid& x, moment since) const;

  /// Returns the process that ended with this reason.
  std::optional<pid> owner_of(const exit_reason& reason) const;

  /// Returns what is wrong with the claim that `object`, monitored at `since`,
  /// has ended with `reason`; nothing if it can be true.
  std::optional<std::string> doubt(const target& object, moment since,
                                   const exit_reason& reason) const;

private:
  struct naming {
    process_name name;
    moment from = 0;
    moment to = never;
  };

  struct fate_entry {
    pid id;
    life_id life = 0;
    moment died = never;
    std::vector<naming> names;
  };

  struct life_entry {
    node_name name;
    moment from = 0;
    moment to = never;
    /// When each name that was ever given was last given, and to whom.
    std::map<process_name, std::pair<std::optional<pid>, moment>> names;
  };

  const fate_entry* find(const pid& x) const;

  bool was_unheld(const named_target& x, moment since) const;

  /// Returns whether more than one life of this node ran since `since`.
  bool was_ambiguous(node_name name, moment since) const;

  moment now_ = 0;
  std::vector<life_entry> lives_;
  std::vector<fate_entry> fates_;
  /// Only searched: its order is not the same twice.
  std::unordered_map<pid, size_t> by_pid_;
};

} // namespace vigil::sim
