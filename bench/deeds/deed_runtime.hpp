#pragma once

#include <vigil/notices.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace vigil::bench {

/// Processes that are a bit each. DOWNs are counted, and for some watchers the
/// time of the last is noted: a runtime that delivers at once.
///
/// Thread-safety: all members may be called from any thread.
class deed_runtime final : public runtime {
public:
  using clock = std::chrono::steady_clock;

  /// Makes room for `capacity` processes, all alive: numbers 1 to `capacity`.
  explicit deed_runtime(size_t capacity);

  /// Ends a process: first invisible, then reported.
  void end(uint32_t number, runtime_front& front, const exit_reason& reason);

  /// Ends a process of which the node has not heard and need not.
  void hide(uint32_t number);

  /// The watchers whose DOWNs are timed, and those they watch, have numbers
  /// from `first_timed` on and below `end_timed`.
  static constexpr uint32_t first_timed = 10;
  static constexpr uint32_t end_timed = 200'010;

  /// Returns how many DOWNs they have had, and when the last one came.
  uint64_t num_timed() const noexcept {
    return num_timed_;
  }

  clock::time_point last_timed() const noexcept {
    return clock::time_point{clock::duration{last_timed_}};
  }

  /// Returns how many DOWNs all others have had.
  uint64_t num_downs() const noexcept {
    return num_downs_;
  }

  bool alive(const pid& id) const noexcept override;

  std::optional<pid> whereis(const process_name& name) const noexcept override;

  void deliver(const down_notice* first, size_t count) noexcept override;

  void remove_down(const pid& id, reference ref) noexcept override;

private:
  static bool is_timed(const pid& x) noexcept {
    return x.number >= first_timed && x.number < end_timed;
  }

  size_t capacity_;
  std::unique_ptr<std::atomic<bool>[]> alive_;
  std::atomic<uint64_t> num_timed_{0};
  std::atomic<clock::rep> last_timed_{0};
  std::atomic<uint64_t> num_downs_{0};
};

} // namespace vigil::bench
