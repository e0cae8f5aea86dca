#pragma once

#include "src/control_plane.hpp"
#include "src/effect.hpp"
#include "src/process_view.hpp"
#include "src/transport.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace vigil {

/// Runs a control plane over a transport: steps it, executes at once what it
/// wants of the transport, and hands on what concerns the node itself.
///
/// Thread-safety: none. Both must outlive the driver.
class control_driver {
public:
  control_driver(control_plane& plane, transport& carrier)
    : plane_(plane),
      carrier_(carrier) {
    // nop
  }

  /// Steps the control plane with a `control_event`, or one of the events that
  /// can be in it, and calls `f` with each effect that is not for the
  /// transport, in order. A message without a route ends the link.
  template <class Event, class F>
  void step(const Event& what, const process_view& processes, const F& f) {
    effects_.clear();
    plane_.step(what, processes, effects_);
    // One step can find several nodes without a route.
    std::vector<node_name> lost;
    for (auto& x : effects_) {
      if (auto message = std::get_if<effect::send>(&x)) {
        if (std::find(lost.begin(), lost.end(), message->peer) == lost.end()
            && !carrier_.send(message->peer, message->message))
          lost.push_back(message->peer);
      } else if (auto open = std::get_if<effect::open_link>(&x)) {
        carrier_.open_link(open->peer, open->keep);
      } else if (auto close = std::get_if<effect::close_link>(&x)) {
        carrier_.close_link(close->peer, close->why);
      } else if (auto settle = std::get_if<effect::settle_link>(&x)) {
        carrier_.settle(settle->peer);
      } else {
        f(x);
      }
    }
    for (auto peer : lost)
      step(event::link_down{peer, down_cause::closed, "no route", {}, {}},
           processes, f);
  }

private:
  control_plane& plane_;
  transport& carrier_;
  control_plane::effects effects_;
};

} // namespace vigil
