#include "actors/plane/control_plane_actor.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace vigil {

control_plane_actor::control_plane_actor(caf::actor_config& config,
                                         control_plane_parts parts)
  : multiplexed(config),
    parts_(std::move(parts)),
    core_(parts_.session, parts_.limits),
    downs_(parts_.front->gate, *parts_.runtime),
    room_(parts_.front->board) {
  if (system().has_middleman())
    spin_ = caf::make_counted<short_spin>(system().middleman().backend(),
                                          parts_.spin);
}

control_plane_actor::behavior_type control_plane_actor::make_behavior() {
  return {
    [this](const monitor_request& x) { return on_monitor(x); },
    [this](const demonitor_request& x) { return on_demonitor(x); },
    [this](const exit_report& x) {
      catch_up();
      step(event::process_exited{x.process, x.reason});
    },
    [this](const connect_request& x) { return on_connect(x); },
    [this](const disconnect_request& x) { return on_disconnect(x); },
    [this](const sync_request& x) { return on_sync(x); },
    [this](const monitors_request& x) {
      catch_up();
      monitor_list result;
      for (auto& monitor : core_.plane().monitors(x.watcher))
        result.monitors.push_back({monitor.ref, std::move(monitor.object)});
      return result;
    },
    [this](const monitored_by_request& x) {
      catch_up();
      return watcher_list{core_.plane().monitored_by(x.process)};
    },
    [this](const nodes_request&) { return node_list{core_.plane().nodes()}; },
    [this](const statistics_request&) {
      catch_up();
      return collect_statistics();
    },
    [this](peer_opened& x) {
      connections_[x.connection].peer = std::move(x.peer);
    },
    [this](peer_message& x) {
      step(event::arrived{x.connection, std::move(x.message)});
    },
    [this](const peer_closed& x) {
      connections_.erase(x.connection);
      step(event::disconnected{x.connection});
    },
    [this](const dial_success& x) {
      step(event::connected{x.dial, x.connection});
    },
    [this](const dial_failure& x) {
      step(event::dial_failed{x.dial, x.why});
    },
    [this](const requests_waiting&) { on_requests_waiting(); },
    [this](const request_slice_due&) {
      slice_due_ = false;
      on_requests_waiting();
    },
    [this](const timer_due& x) {
      // An earlier time has been asked for since: that timer goes on.
      if (scheduled_wake_ != x.due)
        return;
      scheduled_wake_.reset();
      step(event::timer{});
    },
    [this](const resume_due&) { step(event::resume{}); },
    [this](const stop_order&) { return on_stop(); },
  };
}

void control_plane_actor::on_exit() {
  // Also if something else than a stop has ended this actor: nobody may wait
  // for it any more. A promise that is dropped answers nobody, and holds this
  // actor.
  parts_.front->queue.close();
  refuse_waiting();
  answers_.refuse_syncs(errc::shutdown);
  stop_promise_ = unit_promise{};
  // The endpoint holds this actor in turn, and a timer that is still pending
  // may hold it for long.
  parts_ = control_plane_parts{};
  connections_.clear();
}

// -- messages -----------------------------------------------------------------

caf::result<reference>
control_plane_actor::on_monitor(const monitor_request& x) {
  catch_up();
  if (!room_.must_wait(node_of(x.object)))
    return grant(x);
  auto promise = make_response_promise<monitor_promise>();
  room_.add(x, {promise});
  return promise;
}

caf::result<reference> control_plane_actor::grant(const monitor_request& x) {
  if (!valid(x.object))
    return make_error(errc::bad_argument);
  auto ref = parts_.front->references.next();
  if (!ref)
    return make_error(ref.failure());
  parts_.front->gate.open(*ref, x.watcher);
  retired_.reset();
  // Others who wait for room must not be granted in between: what is retired
  // then is theirs.
  monitor_room::hold others{room_};
  step(event::monitor{x.watcher, x.object, *ref});
  if (retired_ && retired_->ref == *ref && !retired_->granted)
    return make_error(retired_->why);
  return *ref;
}

caf::result<bool>
control_plane_actor::on_demonitor(const demonitor_request& x) {
  catch_up();
  // Nothing is being delivered while this thread is here.
  auto found = parts_.front->gate.close(x.ref, x.watcher, false)
               == gate::closing::won;
  if (found)
    step(event::demonitor{x.watcher, x.ref});
  return found;
}

caf::result<unit> control_plane_actor::on_connect(const connect_request& x) {
  catch_up();
  if (core_.plane().is_up(x.peer)) {
    if (x.keep)
      step(event::connect{x.peer, true});
    return unit{};
  }
  auto promise = make_response_promise<unit_promise>();
  answers_.await_up(x.peer, {promise});
  step(event::connect{x.peer, x.keep});
  return promise;
}

caf::result<unit>
control_plane_actor::on_disconnect(const disconnect_request& x) {
  catch_up();
  step(event::disconnect{x.peer});
  if (!core_.plane().is_losing(x.peer))
    return unit{};
  auto promise = make_response_promise<unit_promise>();
  answers_.await_down(x.peer, {promise});
  return promise;
}

caf::result<unit> control_plane_actor::on_sync(const sync_request& x) {
  catch_up();
  auto promise = make_response_promise<unit_promise>();
  step(event::sync{x.peer, answers_.await_sync({promise})});
  return promise;
}

void control_plane_actor::on_requests_waiting() {
  // A slice that is due already takes these requests as well.
  if (slice_due_)
    return;
  consume_requests(request_slice);
  slice_due_ = behind_;
  if (behind_)
    send(this, request_slice_due{});
}

void control_plane_actor::catch_up() {
  if (behind_)
    consume_requests(request_queue::no_limit);
}

void control_plane_actor::consume_requests(size_t limit) {
  begin();
  behind_ = parts_.front->queue.consume(limit, [this](auto& x) {
    core_.apply(x, *parts_.runtime, effects_);
  });
  finish();
}

caf::result<unit> control_plane_actor::on_stop() {
  consume_requests(request_queue::no_limit);
  stop_promise_ = make_response_promise<unit_promise>();
  refuse_waiting();
  auto promise = stop_promise_;
  step(event::stop{});
  return promise;
}

void control_plane_actor::refuse_waiting() {
  answers_.refuse_links(errc::shutdown);
  room_.refuse(errc::shutdown);
}

statistics control_plane_actor::collect_statistics() const {
  const auto& plane = core_.plane();
  const auto& control = plane.counters();
  const auto& sessions = core_.sessions().counters();
  auto cancelled = parts_.front->queue.cancelled();
  auto suppressed = downs_.suppressed();
  uint64_t backlog = 0;
  for (auto peer : plane.nodes())
    backlog += core_.sessions().backlog(peer);
  return {{
    {"outbound", plane.num_outbound()},
    {"inbound", plane.num_inbound()},
    {"nodes", plane.nodes().size()},
    {"sent", control.sent},
    {"received", control.received},
    {"downs", control.downs_exit + control.downs_noproc
                + control.downs_noconnection - suppressed},
    {"downs_exit", control.downs_exit},
    {"downs_noproc", control.downs_noproc},
    {"downs_noconnection", control.downs_noconnection},
    {"downs_demonitored", suppressed},
    {"demonitors", control.demonitors + suppressed + cancelled},
    {"cancelled", cancelled},
    {"crossings", control.crossings},
    {"repeats", control.repeats},
    {"violations", control.violations},
    {"sessions", sessions.sessions},
    {"dials", sessions.dials},
    {"refusals", sessions.refusals},
    {"stale", sessions.stale},
    {"frames_sent", sessions.frames_sent},
    {"frames_received", sessions.frames_received},
    {"bytes_sent", sessions.bytes_sent},
    {"bytes_received", sessions.bytes_received},
    {"ticks_sent", sessions.ticks_sent},
    {"ticks_received", sessions.ticks_received},
    {"ticks_missed", sessions.ticks_missed},
    {"backlog", backlog},
  }};
}

// -- stepping -----------------------------------------------------------------

void control_plane_actor::step(const core_event& what) {
  begin();
  apply(what);
  finish();
}

void control_plane_actor::begin() {
  core_.begin(clock().now());
}

void control_plane_actor::apply(const core_event& what) {
  core_.apply(what, *parts_.runtime, effects_);
}

void control_plane_actor::finish() {
  core_.finish(effects_);
  // Before the first DOWN of a loss, which can take many steps.
  auto up = core_.plane().nodes();
  parts_.front->board.retain(up);
  effects_.for_each([this](auto& x) { execute(x); });
  effects_.clear();
  downs_.deliver();
  publish_backlogs(up);
  schedule_wake();
  stay_awake();
  grant_waiting();
}

void control_plane_actor::stay_awake() {
  // Where many pass at once nobody waits for a single one, and ticks tell
  // nothing of what comes next.
  constexpr uint64_t few = 8;
  const auto& counters = core_.plane().counters();
  auto all = counters.sent + counters.received;
  auto passed = all - std::exchange(passed_before_, all);
  if (spin_ != nullptr && passed > 0 && passed <= few)
    spin_->start();
}

void control_plane_actor::grant_waiting() {
  // Granting steps the core, which comes here again, for nothing.
  room_.grant_waiting([this](const monitor_request& x, auto& promise) {
    promise.deliver(grant(x));
  });
}

void control_plane_actor::publish_backlogs(const std::vector<node_name>& up) {
  for (auto peer : up) {
    auto full = core_.sessions().backlog(peer) >= parts_.max_backlog;
    parts_.front->board.set_full(peer, full);
  }
  parts_.front->queue.recheck();
}

void control_plane_actor::schedule_wake() {
  auto wake = core_.next_wake();
  if (!wake || (scheduled_wake_ && *scheduled_wake_ <= *wake))
    return;
  scheduled_wake_ = wake;
  auto delay = std::max(*wake - clock().now(), timespan{0});
  caf::delayed_anon_send(caf::actor_cast<caf::actor>(this), delay,
                         timer_due{*wake});
}

} // namespace vigil
