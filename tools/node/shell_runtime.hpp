#pragma once

#include <vigil/errc.hpp>
#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>
#include <vigil/process_table.hpp>
#include <vigil/reference.hpp>
#include <vigil/runtime.hpp>
#include "tools/node/output.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

namespace vigil {

/// The processes of a node shell: each is a name, perhaps, and a mailbox of
/// DOWNs. What happens to them is printed.
///
/// Thread-safety: all members may be called from any thread.
class shell_runtime final : public runtime {
public:
  /// Prints to `out`, which must live longer. If `show_origins`, the line of a
  /// DOWN says where it comes from, and that of a nodedown which DOWNs were
  /// its own.
  explicit shell_runtime(output& out, bool show_origins = false);

  // -- for the shell ----------------------------------------------------------

  /// Adds a process, registered under `name` if there is one. Errors:
  /// `name_taken`.
  errc spawn(const pid& process, const std::optional<process_name>& name);

  /// Removes a process, its name and its mailbox. Errors: `noproc`.
  errc end(const pid& process);

  /// Errors: `noproc`, `name_taken` if another process has the name or this one
  /// has one already.
  errc add_name(const process_name& name, const pid& process);

  /// Errors: `not_registered`.
  errc remove_name(const process_name& name);

  /// Empties the mailbox of a process; returns what was in it, oldest first.
  std::vector<down> take_downs(const pid& process);

  bool shows_origins() const noexcept {
    return show_origins_;
  }

  // -- for the node -----------------------------------------------------------

  bool alive(const pid& process) const noexcept override;

  std::optional<pid> whereis(const process_name& name) const noexcept override;

  void deliver(const down_notice* first, size_t count) noexcept override;

  void remove_down(const pid& watcher, reference ref) noexcept override;

  void on_node_event(const node_event& what) noexcept override;

private:
  output& out_;
  const bool show_origins_;
  mutable std::mutex mutex_;
  /// With their mailboxes.
  process_table<std::vector<down>> processes_;
};

} // namespace vigil
