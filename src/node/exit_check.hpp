#pragma once

#include <vigil/core/process_view.hpp>
#include <vigil/pid.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vigil {

/// Notices reports of ends that break a runtime's side of the bargain, as far
/// as that costs those nothing who keep it: a second report while the first is
/// one of the last few thousand, and one for a process that is still alive
/// among the first thousand of a node's life and one in 64 of those after them.
/// Who makes either mistake makes it again.
///
/// Thread-safety: none; owned by a node executor.
class exit_check {
public:
  /// What is wrong with a report.
  enum class fault { none, twice, alive };

  /// Looks at the report of an end that is about to be applied. A process must
  /// be of this life of the node.
  fault look(const pid& process, const process_view& processes) noexcept {
    auto number = local_number(process);
    auto& last = last_[number % num_remembered];
    auto result = fault::none;
    if (last == number)
      result = fault::twice;
    else if ((num_seen_ < num_all || num_seen_ % one_in == 0)
             && processes.alive(process))
      result = fault::alive;
    last = number;
    ++num_seen_;
    if (result != fault::none)
      ++num_faults_;
    return result;
  }

  /// Returns how many faults it has found.
  uint64_t num_faults() const noexcept {
    return num_faults_;
  }

private:
  static constexpr size_t num_remembered = 4096;
  static constexpr uint64_t num_all = 1024;
  static constexpr uint64_t one_in = 64;

  /// Local numbers, 0 for none, each in the place that it shares with others.
  std::vector<uint64_t> last_ = std::vector<uint64_t>(num_remembered);
  uint64_t num_seen_ = 0;
  uint64_t num_faults_ = 0;
};

/// A report of an end that was wrong.
struct exit_fault {
  pid process;
  exit_check::fault what = exit_check::fault::none;
  /// How many there were until now, this one included.
  uint64_t count = 0;
};

} // namespace vigil
