// What a control plane is told. What it does for its executor is in
// control_plane_actor_host.cpp.

#include "actors/plane/control_plane_actor.hpp"

#include "actors/plane/actor_completion.hpp"

#include <utility>

namespace vigil {

namespace {

executor_config config_of(const control_plane_parts& x) {
  return {x.session, x.limits};
}

} // namespace

control_plane_actor::control_plane_actor(caf::actor_config& config,
                                         control_plane_parts parts)
  : multiplexed(config),
    parts_(std::move(parts)),
    executor_(config_of(parts_), *parts_.front, *parts_.runtime, *this) {
  if (system().has_middleman())
    spin_ = caf::make_counted<short_spin>(system().middleman().backend(),
                                          parts_.spin);
}

template <class Answer, class Ask>
caf::result<Answer> control_plane_actor::answered(const Ask& ask) {
  auto promise = make_response_promise<caf::typed_response_promise<Answer>>();
  ask(completion_of(promise));
  return promise;
}

control_plane_actor::behavior_type control_plane_actor::make_behavior() {
  return {
    [this](const monitor_request& x) {
      return answered<reference>(
        [&](auto answer) { executor_.monitor(x, std::move(answer)); });
    },
    [this](const demonitor_request& x) {
      return answered<bool>(
        [&](auto answer) { executor_.demonitor(x, std::move(answer)); });
    },
    [this](const exit_report& x) { executor_.process_exited(x); },
    [this](const connect_request& x) {
      return answered<unit>(
        [&](auto answer) { executor_.connect(x, std::move(answer)); });
    },
    [this](const disconnect_request& x) {
      return answered<unit>(
        [&](auto answer) { executor_.disconnect(x, std::move(answer)); });
    },
    [this](const sync_request& x) {
      return answered<unit>(
        [&](auto answer) { executor_.sync(x, std::move(answer)); });
    },
    [this](const monitors_request& x) {
      return answered<monitor_list>(
        [&](auto answer) { executor_.monitors(x, std::move(answer)); });
    },
    [this](const monitored_by_request& x) {
      return answered<watcher_list>(
        [&](auto answer) { executor_.monitored_by(x, std::move(answer)); });
    },
    [this](const nodes_request&) { return executor_.nodes(); },
    [this](const statistics_request&) {
      return answered<statistics>(
        [&](auto answer) { executor_.stats(std::move(answer)); });
    },
    [this](peer_opened& x) {
      connections_[x.connection].peer = std::move(x.peer);
    },
    [this](peer_message& x) {
      executor_.step(event::arrived{x.connection, std::move(x.message)});
    },
    [this](const peer_closed& x) {
      connections_.erase(x.connection);
      executor_.step(event::disconnected{x.connection, x.misled});
    },
    [this](const dial_success& x) {
      executor_.step(event::connected{x.dial, x.connection});
    },
    [this](const dial_failure& x) {
      executor_.step(event::dial_failed{x.dial, x.why});
    },
    [this](const requests_waiting&) { executor_.on_requests(); },
    [this](const request_slice_due&) { executor_.on_slice(); },
    [this](const timer_due& x) { executor_.on_timer(x.due); },
    [this](const resume_due&) { executor_.resume(); },
    [this](const stop_order&) {
      return answered<unit>(
        [&](auto answer) { executor_.stop(std::move(answer)); });
    },
  };
}

void control_plane_actor::on_exit() {
  // Also if something else than a stop has ended this actor: nobody may wait
  // for it any more. A promise that is dropped answers nobody, and holds this
  // actor.
  executor_.abandon();
  // The endpoint holds this actor in turn, and a timer that is still pending
  // may hold it for long.
  parts_ = control_plane_parts{};
  connections_.clear();
}

} // namespace vigil
