#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/notices.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>
#include "bench/common/mailbox.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace vigil::bench {

/// A runtime whose processes are plain structs in one array, found by their
/// number: as little as a runtime can be, so that what is measured is vigil.
///
/// Thread-safety: one thread of the program's own spawns and ends processes;
/// the node calls back on its own thread.
class bench_runtime final : public runtime {
public:
  /// Makes room for `capacity` processes; more cannot be spawned.
  explicit bench_runtime(size_t capacity);

  /// Starts `count` processes, numbered in a row; returns the first number.
  uint32_t spawn(size_t count);

  /// Starts a process that can be sent DOWNs.
  uint32_t spawn_with_mailbox();

  /// Ends `count` live processes, numbered in a row: each first invisible, then
  /// reported.
  void end(uint32_t first, size_t count, runtime_front& front,
           const exit_reason& reason);

  /// Ends all processes.
  void end_all(runtime_front& front, const exit_reason& reason);

  mailbox& mailbox_of(uint32_t number) noexcept;

  bool alive(const pid& id) const noexcept override;

  std::optional<pid> whereis(const process_name& name) const noexcept override;

  void deliver(const down_notice* first, size_t count) noexcept override;

  void remove_down(const pid& id, reference ref) noexcept override;

  void on_node_event(const node_event& event) noexcept override;

  /// Says which session was lost last, and why; empty if none was.
  std::string last_loss() const;

private:
  struct process {
    std::atomic<bool> alive{false};
    std::unique_ptr<mailbox> messages;
  };

  /// Process number n is at n - 1: there is no process 0.
  process& at(uint32_t number) noexcept;

  const process* find(const pid& id) const noexcept;

  std::vector<process> processes_;
  uint32_t first_alive_ = 1;
  std::atomic<uint32_t> last_{0};
  mutable std::mutex loss_mutex_;
  node_event loss_;
};

} // namespace vigil::bench
