#pragma once

#include <vigil/core/control_event.hpp>
#include <vigil/core/process_view.hpp>
#include <vigil/target.hpp>
#include "src/front/gate.hpp"

#include <optional>
#include <variant>

namespace vigil {

/// The processes of a node as the caller of one monitor saw them, if its target
/// is of the same node: a target that was alive while the call lasted is alive
/// here, although it may have ended before the control plane comes to the
/// request. Its end was reported after the request then, and will come.
///
/// The runtime is asked before the gate: what the caller has noted after that
/// was noted by a call that still lasts.
///
/// Thread-safety: none; used for one step.
class caller_view final : public process_view {
public:
  /// All outlive this object.
  caller_view(const process_view& now, gate& notes,
              const event::monitor& call) noexcept
    : now_(now),
      notes_(notes),
      call_(call) {
    // nop
  }

  bool alive(const pid& process) const noexcept override {
    if (now_.alive(process))
      return true;
    auto object = std::get_if<pid>(&call_.object);
    return object != nullptr && *object == process
           && notes_.seen_alive(call_.ref);
  }

  /// What the caller has seen wins over what is registered now: the name is
  /// resolved by the call.
  std::optional<pid> whereis(const process_name& name) const noexcept override {
    auto found = now_.whereis(name);
    auto seen = notes_.take_named(call_.ref);
    return seen ? *seen : found;
  }

private:
  const process_view& now_;
  gate& notes_;
  const event::monitor& call_;
};

} // namespace vigil
