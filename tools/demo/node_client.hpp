#pragma once

#include <vigil/result.hpp>
#include "tools/demo/child_process.hpp"
#include "tools/event_flag.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace vigil {

/// A `vigil node` that runs as a child of this program: gives it commands and
/// reads what it prints, noting when each line came.
///
/// Thread-safety: none; a thread within reads along.
class node_client {
public:
  using clock = child_process::clock;

  /// How long an answer may take before the node counts as stuck.
  static constexpr std::chrono::seconds patience{20};

  /// A line and when it was read.
  struct line {
    std::string text;
    clock::time_point at;
  };

  /// Starts a node and waits until it is ready. Errors: those of
  /// `child_process::start`; `closed` with what the node said if it ended.
  static result<std::unique_ptr<node_client>>
  start(const std::string& program, std::vector<std::string> options);

  node_client(const node_client&) = delete;

  node_client& operator=(const node_client&) = delete;

  /// Kills the node if it still runs.
  ~node_client();

  // -- what the node said when it was ready -----------------------------------

  const std::string& name() const noexcept {
    return name_;
  }

  uint16_t port() const noexcept {
    return port_;
  }

  const std::string& life() const noexcept {
    return life_;
  }

  /// The program the node runs in.
  child_process& process() noexcept {
    return process_;
  }

  // -- commands ---------------------------------------------------------------

  /// Gives a command without waiting for its answer; returns whether the node
  /// could take it.
  bool send(std::string_view command);

  /// Waits for the next answer; nothing if it does not come.
  std::optional<line> answer(clock::duration limit = patience);

  /// Gives a command and waits for its answer; empty if that does not come.
  std::string ask(std::string_view command);

  // -- events -----------------------------------------------------------------

  /// Waits for the first event that `wanted` accepts and takes it away; nothing
  /// if none comes.
  std::optional<line>
  take_event(const std::function<bool(const std::string&)>& wanted,
             clock::duration limit = patience);

  /// Waits for this very event and takes it away.
  std::optional<line> take_event(std::string_view text,
                                 clock::duration limit = patience);

  /// Takes all events that have come so far.
  std::vector<line> take_events();

  // -- the end ----------------------------------------------------------------

  /// Waits until the node has ended and all that it printed is read; returns
  /// its exit status, or nothing if it still runs.
  std::optional<int> wait_end(clock::duration limit = patience);

private:
  explicit node_client(child_process process);

  bool read_ready();
  void run();
  void add(std::string text, clock::time_point at);

  child_process process_;
  std::string name_;
  uint16_t port_ = 0;
  std::string life_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<line> answers_;
  std::deque<line> events_;
  /// Nothing comes any more.
  bool ended_ = false;
  event_flag stop_;
  std::thread reader_;
};

} // namespace vigil
