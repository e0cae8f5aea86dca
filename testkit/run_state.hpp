#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include "testkit/labels.hpp"
#include "testkit/lock_probe.hpp"
#include "testkit/net/world.hpp"
#include "testkit/watchdog.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace vigil::testkit {

class witness;

/// What is known of one run of a test: its chance and its time, what has
/// happened, and what was found wrong first.
///
/// Thread-safety: `fail` and `is_home` may be called from any thread, all else
/// from the one that made this object.
class run_state final : public world {
public:
  /// What becomes of the lines that are noted. A run whose lines are kept is
  /// not the first of its seed.
  enum class notes { none, last_ones, printed };

  run_state(uint64_t seed, notes kept, watchdog& dog);

  uint64_t seed() const noexcept {
    return seed_;
  }

  /// The test uses its cluster.
  void beat() noexcept {
    dog_.beat();
  }

  /// Returns how much time has passed, e.g. `9.027 s`.
  std::string stamp() const;

  /// Notes that something is wrong, with the time before it. Only the first
  /// counts.
  void fail(const std::string& text);

  bool has_failed() const noexcept {
    return failed_;
  }

  /// Returns what was found, with its time; empty if nothing was.
  std::string finding() const;

  /// Throws `failure` if something was found.
  void throw_if_failed() const;

  /// Returns whether this is the thread of the test. If not, that is a failure:
  /// `what` was done by another.
  bool is_home(const char* what);

  /// Returns the last lines that were noted.
  const std::deque<std::string>& lines() const noexcept {
    return lines_;
  }

  void count(const char* kind) override;

  void count_between(const char* kind, const station& from, const station& to,
                     const char* what) override;

  /// Returns how long another thread may take to ask a runtime something, in
  /// real time: on a busy machine it can be slow to start. Who has waited once
  /// need not do so again.
  timespan lock_patience() const noexcept {
    return std::chrono::seconds{kept_ == notes::last_ones ? 1 : 5};
  }

  /// Counts a DOWN that was handed to a runtime; returns its number.
  uint64_t count_down() noexcept {
    return ++num_downs_;
  }

  /// Notes that whoever could do something has done it: time is about to pass.
  void rest() noexcept {
    num_downs_at_rest_ = num_downs_;
  }

  /// Returns whether everybody has had a turn since this DOWN was handed over.
  bool has_rested_since(uint64_t down_number) const noexcept {
    return down_number <= num_downs_at_rest_;
  }

  labels names;
  lock_probe locks;
  /// Who sees the processes of which life.
  std::map<std::pair<node_name, creation>, witness*> witnesses;

private:
  void write(std::string line) override;

  /// Returns how much time has passed, to the microsecond.
  std::string exact_stamp() const;

  const uint64_t seed_;
  const notes kept_;
  watchdog& dog_;
  const time_point start_;
  const std::thread::id home_;
  uint64_t num_downs_ = 0;
  uint64_t num_downs_at_rest_ = 0;
  std::deque<std::string> lines_;
  mutable std::mutex mutex_;
  std::string finding_;
  std::atomic<bool> failed_{false};
};

} // namespace vigil::testkit
