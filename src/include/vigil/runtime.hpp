#pragma once

#include <vigil/core/process_view.hpp>
#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>

#include <cstddef>

namespace vigil {

/// What a node asks of the runtime whose processes it watches over: resolve a
/// pid or name (`alive` and `whereis`, from `process_view`), deliver DOWNs, and
/// remove one from a mailbox.
///
/// Thread-safety: `deliver` and `on_node_event` come from the control plane's
/// thread, one at a time. `alive` and `whereis` come from there too, and from
/// any thread that monitors a process of its own node; `remove_down` comes from
/// the thread that demonitors, and from the control plane's if an actor asks
/// for that with a `demonitor_request`. After `node::stop` has returned there
/// are no more calls.
///
/// None may block. `deliver` and `on_node_event` must not call back into vigil
/// except for `process_exited`, `demonitor` and the calls that never wait; the
/// others must not at all. No lock that `alive` and `whereis` take may be held
/// while a process of the own node is monitored, nor in `node::stop`.
class runtime : public process_view {
public:
  /// Puts `count` DOWNs, the first at `first`, into the mailboxes of their
  /// watchers. The watcher may have ended meanwhile; its DOWN is dropped then.
  virtual void deliver(const down_notice* first, size_t count) noexcept = 0;

  /// Removes the DOWN of `ref` from the mailbox of `watcher`, if it is there.
  /// Called by `demonitor` with `flush`, on the thread that demonitors, which
  /// usually is the one that runs the watcher. For a `demonitor_request` with
  /// `flush` that is the control plane's.
  virtual void remove_down(const pid& watcher, reference ref) noexcept = 0;

  /// Notes that a session with another node has come up or ended. When it has
  /// ended, all DOWNs that this causes were delivered before.
  virtual void on_node_event(const node_event&) noexcept {
    // nop: not every runtime cares
  }
};

} // namespace vigil
