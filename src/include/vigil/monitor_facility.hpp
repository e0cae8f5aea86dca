#pragma once

#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/requests.hpp>
#include <vigil/result.hpp>
#include <vigil/target.hpp>

namespace vigil {

/// The two functions that the built-in functions of a runtime need to monitor
/// processes of other nodes. `runtime_front` is the one that a node offers; a
/// runtime that takes this in its place can test its built-ins without a node,
/// against a facility of its own.
class monitor_facility {
public:
  virtual ~monitor_facility() = default;

  /// Starts to monitor `object` for `watcher` and returns the reference that
  /// the DOWN will carry. Errors: see `runtime_front::monitor`.
  /// @see Erlang/OTP, erlang:monitor/2
  virtual result<reference> monitor(const pid& watcher, const target& object)
    = 0;

  /// Ends a monitor of `watcher`; returns whether it was a live one, so that no
  /// DOWN was or will be delivered. Errors: see `runtime_front::demonitor`.
  /// @see Erlang/OTP, erlang:demonitor/2
  virtual result<bool>
  demonitor(const pid& watcher, reference ref, demonitor_options options) = 0;

  /// Does the same without options.
  result<bool> demonitor(const pid& watcher, reference ref) {
    return demonitor(watcher, ref, {});
  }

protected:
  monitor_facility() = default;
  /// Only as a part of what implements it.
  monitor_facility(const monitor_facility&) = default;
  /// Only as a part of what implements it.
  monitor_facility& operator=(const monitor_facility&) = default;
};

} // namespace vigil
