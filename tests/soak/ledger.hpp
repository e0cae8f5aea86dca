#pragma once

#include "tests/soak/disturbances.hpp"
#include "tests/soak/monitor.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace vigil::soak {

/// Accounts for every monitor that was granted: each ends in one way, and the
/// reason of its DOWN is true. Forgets those that have ended, so a DOWN for a
/// reference that is not live is one too many.
///
/// The rules for a reason: the target's own, if the target was told to end so
/// and could be met alive; `noproc`, if it could be met dead, or the name free;
/// `noconnection`, if the target is at another node and something is the matter
/// with the link.
///
/// Thread-safety: none.
class ledger {
public:
  /// A DOWN that has not come so long after it was due will not come.
  static constexpr std::chrono::seconds patience{3};

  struct totals {
    uint64_t granted = 0;
    uint64_t downs_own = 0;
    uint64_t downs_noproc = 0;
    uint64_t downs_noconnection = 0;
    uint64_t demonitored = 0;
    uint64_t ended_with_watcher = 0;
    uint64_t ended_with_node = 0;
    uint64_t pending = 0;
    // Nothing of what follows may happen.
    uint64_t lost = 0;
    uint64_t doubled = 0;
    uint64_t untrue = 0;
    /// Links that were lost without a fault.
    uint64_t unexplained = 0;
    /// Answers that a command cannot have.
    uint64_t surprises = 0;

    /// Returns whether each monitor that was granted is in one account.
    bool balanced() const noexcept;

    /// Returns whether nothing happened that may not.
    bool clean() const noexcept;
  };

  ledger(size_t nodes, const disturbances& links);

  // -- what the nodes say -----------------------------------------------------

  /// A monitor was granted under this reference.
  void grant(const std::string& ref, monitor x);

  /// The target's node has a monitor of a process of `node`, if that has not
  /// ended: its target is what it was, or whoever had the name in `latest`.
  void held(size_t node, const std::string& ref, tenure_ptr latest);

  /// A node printed the DOWN of a process.
  void down(size_t node, const std::string& watcher, const std::string& ref,
            const std::string& object, const std::string& reason,
            time_point now);

  /// A demonitor answered true.
  void demonitored(size_t node, const std::string& ref, time_point now);

  /// A process has ended, and its monitors with it.
  void watcher_ended(const process_ptr& watcher, time_point now);

  /// A node has ended, and its processes' monitors with it.
  void node_ended(size_t node, time_point now);

  /// A node printed that it has lost another.
  void node_down(size_t node, size_t peer, const std::string& line,
                 time_point now);

  /// A node answered what it must not.
  void surprise(const std::string& what);

  /// Every target has ended and all is quiet: what is live now is lost.
  void close();

  // -- the account ------------------------------------------------------------

  totals total() const;

  /// Returns how many live monitors watch somebody who certainly is gone.
  size_t due() const;

  /// What was wrong, the first of it.
  const std::vector<std::string>& findings() const noexcept {
    return findings_;
  }

private:
  using monitors = std::unordered_map<std::string, monitor>;

  bool is_true(const monitor& x, const std::string& reason,
               time_point now) const;
  bool overdue(const monitor& x, time_point now) const;
  void end_without_down(const std::string& ref, const monitor& x,
                        uint64_t& account, time_point now);
  void find(uint64_t& account, const std::string& what);

  const disturbances& links_;
  /// The live monitors of each node's processes.
  std::vector<monitors> live_;
  totals totals_;
  std::vector<std::string> findings_;
};

} // namespace vigil::soak
