#pragma once

#include "tools/event_flag.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace vigil {

/// Writes lines to a descriptor, in the order in which they were given and as
/// soon as the reader takes them. One thread of its own does the writing, so
/// that nobody else waits for a reader that is slow.
///
/// Thread-safety: all members but the destructor may be called from any thread.
class output {
public:
  /// From this many waiting bytes on, `wait_for_room` waits.
  static constexpr size_t max_backlog = size_t{64} * 1024 * 1024;

  /// How long `close` has patience with a reader that takes nothing.
  static constexpr std::chrono::milliseconds patience{1000};

  /// Starts to write to `fd`, which stays open and the caller's.
  explicit output(int fd);

  /// Closes.
  ~output();

  output(const output&) = delete;

  output& operator=(const output&) = delete;

  /// Queues the answer to a command.
  void answer(std::string_view line);

  /// Queues the line about something that happened. Never blocks.
  void event(std::string_view line) noexcept;

  /// Keeps events back while it lives: they come after the answers that are
  /// given meanwhile. At most one lives at a time.
  class event_hold {
  public:
    explicit event_hold(output& out);

    ~event_hold();

    event_hold(const event_hold&) = delete;

    event_hold& operator=(const event_hold&) = delete;

  private:
    output& out_;
  };

  /// Waits while the reader is too far behind.
  void wait_for_room();

  /// Ends all waiting for room, now and later.
  void stop_waiting();

  /// The descriptor that becomes readable when there is no reader any more.
  /// What is still queued then is lost.
  int broken_fd() const noexcept {
    return broken_.fd();
  }

  /// Ends the writing when all that was queued is written or the reader has
  /// taken nothing for `patience`. What is queued later is lost.
  void close();

private:
  void append(std::string& queue, std::string_view line);
  void run();
  bool take();
  bool write_some();
  void give_up();

  const int fd_;
  event_flag wake_;
  event_flag broken_;
  std::mutex mutex_;
  std::condition_variable room_;
  /// What the writer has not taken yet.
  std::string queued_;
  /// Events that are kept back.
  std::string held_;
  bool holding_ = false;
  bool waiting_allowed_ = true;
  bool closing_ = false;
  bool done_ = false;
  /// How many bytes the writer has taken and not written yet.
  size_t unwritten_ = 0;
  /// What the writer writes, and how much of it is written; its thread's own.
  std::string current_;
  size_t written_ = 0;
  std::mutex close_mutex_;
  std::thread writer_;
};

} // namespace vigil
