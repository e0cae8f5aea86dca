#pragma once

#include <vigil/core/control_effect.hpp>
#include <vigil/core/control_plane.hpp>
#include <vigil/core/process_view.hpp>
#include <vigil/core/transport.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace vigil {

/// Runs a control plane over a transport: steps it, executes at once what it
/// wants of the transport, and hands on what concerns the node itself.
///
/// Thread-safety: none. Both must outlive the driver.
class control_driver {
public:
  /// Drives `plane`, of which nobody else executes effects, over `carrier`.
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
    begin();
    plane_.step(what, processes, effects_);
    execute_all(processes, f);
  }

  /// The same for a control message of `peer`, which need not become an event
  /// first.
  template <class F>
  void receive(node_name peer, const control_message& message,
               const process_view& processes, const F& f) {
    begin();
    plane_.receive(peer, message, processes, effects_);
    execute_all(processes, f);
  }

private:
  void begin() {
    effects_.clear();
    lost_.clear();
  }

  template <class F>
  void execute_all(const process_view& processes, const F& f) {
    for (auto& x : effects_)
      std::visit(
        [&](auto& y) {
          if constexpr (is_for_transport<std::decay_t<decltype(y)>>)
            execute(y);
          else
            f(y);
        },
        x);
    if (!lost_.empty())
      for (auto peer : std::exchange(lost_, {}))
        step(event::link_down{peer, down_cause::closed, "no route", {}, {}},
             processes, f);
  }

  template <class Effect, class... Ts>
  static constexpr bool is_one_of = (std::is_same_v<Effect, Ts> || ...);

  template <class Effect>
  static constexpr bool is_for_transport
    = is_one_of<Effect, effect::send, effect::send_exits, effect::open_link,
                effect::close_link, effect::loss_done>;

  void execute(const effect::send& x) {
    send(x.peer, x.message);
  }

  void execute(const effect::send_exits& x) {
    control_message message{monitor_p_exit{}};
    auto& fields = *std::get_if<monitor_p_exit>(&message);
    fields.reason = x.reason;
    for (auto i = x.first; i != x.first + x.count; ++i) {
      fields.object = i->object;
      fields.watcher = i->watcher;
      fields.ref = i->ref;
      send(i->watcher.node, message);
    }
  }

  void execute(const effect::open_link& x) {
    carrier_.open_link(x.peer, x.keep);
  }

  void execute(const effect::close_link& x) {
    carrier_.close_link(x.peer, x.why);
  }

  void execute(const effect::loss_done& x) {
    carrier_.loss_done(x.peer);
  }

  void send(node_name peer, const control_message& message) {
    if (std::find(lost_.begin(), lost_.end(), peer) == lost_.end()
        && !carrier_.send(peer, message))
      lost_.push_back(peer);
  }

  control_plane& plane_;
  transport& carrier_;
  control_plane::effects effects_;
  /// The nodes without a route; one step can find several.
  std::vector<node_name> lost_;
};

} // namespace vigil
