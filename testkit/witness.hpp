#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/runtime.hpp>
#include <vigil/target.hpp>
#include "src/front/front_probe.hpp"
#include "testkit/run_state.hpp"

#include "absl/container/flat_hash_map.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vigil::testkit {

/// Stands between one life of a node and its runtime, passes everything on, and
/// keeps the ledger: which monitors there were and how each has ended, which
/// processes were alive and how each has ended, and what of that does not fit.
class witness final : public vigil::runtime, public front_probe {
public:
  /// How a monitor has ended.
  enum class ending { unknown, none, down, demonitored };

  /// One monitor.
  struct fact {
    pid watcher;
    target object;
    ending end = ending::unknown;
    /// What the DOWN has said, and which of all DOWNs it is.
    exit_reason reason;
    uint64_t down_number = 0;
    bool received = false;
    bool flushed = false;
  };

  /// `which` life of its node it is, counted from 1.
  witness(run_state& state, node_name node, creation life, size_t which,
          uint32_t first_pid);

  ~witness() override;

  /// Says whose processes are watched. Outlives the last call to this object.
  void watch(vigil::runtime& x) noexcept {
    runtime_ = &x;
  }

  /// The node has ended: nothing is to be reported any more.
  void node_ended() noexcept {
    running_ = false;
  }

  void allow_gap() noexcept {
    gap_allowed_ = true;
  }

  /// Somebody gives the processes their turns; if nobody does, it is the test
  /// that takes what is in their mailboxes, when it likes.
  void set_driven() noexcept {
    driven_ = true;
  }

  void received(reference ref);

  /// Returns the monitor of this reference, null if there was none.
  const fact* find(reference ref) const;

  /// Returns whether its node has a session with that life.
  bool sees(const witness& other) const;

  const std::string& label() const noexcept {
    return label_;
  }

  // -- the ledger -------------------------------------------------------------

  /// Time may pass: whoever is gone must have been reported. Looks at some of
  /// the monitors, at all if `every`.
  void look_for_gaps(bool every);

  /// What was delivered must have been received, as far as the watcher has had
  /// a turn since then; one that nobody gives turns by the end of the test.
  void check_received(bool at_end);

  /// Nothing is under way any more: who monitors a process of `other`, with
  /// which all is well, must have been told if that has ended. May be this one.
  void check_told(const witness& other) const;

  // -- runtime ----------------------------------------------------------------

  bool alive(const pid& process) const noexcept override;
  std::optional<pid> whereis(const process_name& name) const noexcept override;
  void deliver(const down_notice* first, size_t count) noexcept override;
  void remove_down(const pid& watcher, reference ref) noexcept override;
  void on_node_event(const node_event& x) noexcept override;

  // -- front_probe ------------------------------------------------------------

  void begins(const char* call) override;
  void monitored(const pid& watcher, const target& object,
                 reference ref) override;
  void demonitored(const pid& watcher, reference ref, bool found,
                   bool flushed) override;
  void exited(const pid& process, const exit_reason& reason) override;

private:
  /// What is known of a process.
  struct life_story {
    /// `alive` has said no although nobody had reported its end.
    bool denied = false;
    std::optional<exit_reason> reported;
  };

  fact& fact_of(reference ref);

  void note_down(const down_notice& x);

  /// Judges the reason of a DOWN by what is known of its target.
  void judge(const fact& x, const down& message);

  /// Returns how the end of a process of this life was reported.
  const exit_reason* end_of(const pid& process) const;

  /// Returns whether a process of this life is gone, and nobody was told.
  bool is_missing(const pid& process) const;

  void look_for_gap(const fact& x);

  void fail(const std::string& text) const;

  run_state& state_;
  const node_name node_;
  const creation life_;
  const std::string label_;
  vigil::runtime* runtime_ = nullptr;
  bool running_ = true;
  bool gap_allowed_ = false;
  bool receipts_ = false;
  bool driven_ = false;
  /// By the number of the reference.
  std::vector<fact> facts_;
  /// By `local_number`.
  mutable absl::flat_hash_map<uint64_t, life_story> processes_;
  /// The nodes that are up, and in which life.
  std::map<node_name, creation> up_;
  /// How often calls that may wait were made, by name.
  std::map<std::string_view, uint64_t> calls_;
};

} // namespace vigil::testkit
