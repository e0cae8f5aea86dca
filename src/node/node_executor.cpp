// What a node executor is asked for, and how it steps its core. What follows
// from a step is in node_executor_effects.cpp.

#include "src/node/node_executor.hpp"

#include "src/front/caller_view.hpp"
#include "src/node/node_statistics.hpp"

#include <utility>

namespace vigil {

node_executor::node_executor(const executor_config& config, front_state& front,
                             vigil::runtime& runtime, node_host& host,
                             executor_probe* probe)
  : front_(front),
    runtime_(runtime),
    host_(host),
    probe_(probe),
    core_(config.session, config.limits),
    intake_(front.queue),
    downs_(front.gate, runtime),
    room_(front.board) {
  // nop
}

// -- what threads have requested ----------------------------------------------

void node_executor::on_requests() {
  if (intake_.slice_is_due())
    return;
  take_requests(request_slice);
  if (intake_.order_slice())
    host_.slice_later();
}

void node_executor::on_slice() {
  intake_.slice_arrived();
  on_requests();
}

void node_executor::catch_up() {
  if (intake_.behind())
    take_requests(request_queue::no_limit);
}

void node_executor::take_requests(size_t limit) {
  begin();
  intake_.take(limit, [this](const auto& x) {
    if (probe_ != nullptr)
      probe_->before(x);
    apply_request(x);
  });
  finish();
}

void node_executor::apply_request(const event::monitor& x) {
  if (node_of(x.object) == front_.self)
    core_.apply(x, caller_view{runtime_, front_.gate, x}, effects_);
  else
    core_.apply(x, runtime_, effects_);
}

void node_executor::apply_request(const event::demonitor& x) {
  core_.apply(x, runtime_, effects_);
}

void node_executor::apply_request(const event::process_exited& x) {
  core_.apply(x, runtime_, effects_);
}

// -- requests that are answered -----------------------------------------------

std::optional<result<reference>>
node_executor::try_monitor(const monitor_request& x) {
  catch_up();
  if (room_.must_wait(node_of(x.object)))
    return std::nullopt;
  return grant(x);
}

void node_executor::monitor_later(const monitor_request& x,
                                  completion<reference> answer) {
  room_.add(x, std::move(answer));
}

result<reference> node_executor::grant(const monitor_request& x) {
  if (!valid(x.object))
    return errc::bad_argument;
  auto ref = front_.references.next();
  if (!ref)
    return ref.failure();
  front_.gate.open(*ref, x.watcher);
  retired_.reset();
  // Others who wait for room must not be granted in between: what is retired
  // then is theirs.
  monitor_room::hold others{room_};
  step(event::monitor{x.watcher, x.object, *ref});
  if (retired_ && retired_->ref == *ref && !retired_->granted)
    return retired_->why;
  return *ref;
}

bool node_executor::demonitor(const demonitor_request& x) {
  catch_up();
  // Nothing is being delivered while this thread is here.
  auto found = front_.gate.close(x.ref, x.watcher, false) == gate::closing::won;
  if (found)
    step(event::demonitor{x.watcher, x.ref});
  return found;
}

void node_executor::process_exited(const exit_report& x) {
  catch_up();
  step(event::process_exited{x.process, x.reason});
}

void node_executor::connect(const connect_request& x, completion<unit> answer) {
  catch_up();
  if (core_.plane().is_up(x.peer)) {
    if (x.keep)
      step(event::connect{x.peer, true});
    answer.deliver(unit{});
    return;
  }
  answers_.await_up(x.peer, std::move(answer));
  step(event::connect{x.peer, x.keep});
}

void node_executor::disconnect(const disconnect_request& x,
                               completion<unit> answer) {
  catch_up();
  step(event::disconnect{x.peer});
  if (core_.plane().is_losing(x.peer))
    answers_.await_down(x.peer, std::move(answer));
  else
    answer.deliver(unit{});
}

void node_executor::sync(const sync_request& x, completion<unit> answer) {
  catch_up();
  step(event::sync{x.peer, answers_.await_sync(std::move(answer))});
}

void node_executor::stop(completion<unit> answer) {
  take_requests(request_queue::no_limit);
  stop_answer_ = std::move(answer);
  refuse_waiting();
  step(event::stop{});
}

void node_executor::refuse_waiting() {
  answers_.refuse_links(errc::shutdown);
  room_.refuse(errc::shutdown);
}

monitor_list node_executor::monitors(const monitors_request& x) {
  catch_up();
  monitor_list result;
  for (auto& monitor : core_.plane().monitors(x.watcher))
    result.monitors.push_back({monitor.ref, std::move(monitor.object)});
  return result;
}

watcher_list node_executor::monitored_by(const monitored_by_request& x) {
  catch_up();
  return {core_.plane().monitored_by(x.process)};
}

node_list node_executor::nodes() const {
  return {core_.plane().nodes()};
}

statistics node_executor::stats() {
  catch_up();
  return collect_statistics(core_, downs_.suppressed(),
                            front_.queue.cancelled());
}

// -- network and time ---------------------------------------------------------

void node_executor::on_links() {
  begin();
  core_.report(runtime_, effects_);
  finish();
}

void node_executor::on_timer(time_point due) {
  // An earlier time has been asked for since: that timer goes on.
  if (wakes_.arrive(due))
    step(event::timer{});
}

void node_executor::resume() {
  step(event::resume{});
}

void node_executor::abandon() {
  front_.queue.close();
  refuse_waiting();
  answers_.refuse_syncs(errc::shutdown);
  stop_answer_ = {};
}

// -- stepping -----------------------------------------------------------------

void node_executor::step(const core_event& what) {
  begin();
  apply(what);
  finish();
}

void node_executor::begin() {
  core_.begin(host_.now());
}

void node_executor::apply(const core_event& what) {
  if (probe_ != nullptr)
    probe_->before(what);
  core_.apply(what, runtime_, effects_);
}

void node_executor::finish() {
  core_.finish(effects_);
  if (probe_ != nullptr)
    probe_->after(effects_);
  effects_.for_each([this](auto& x) { execute(x); });
  effects_.clear();
  downs_.deliver();
  if (auto wake = core_.next_wake(); wakes_.order(wake))
    host_.wake_at(*wake);
  host_.stepped();
  grant_waiting();
}

void node_executor::grant_waiting() {
  // Granting steps the core, which comes here again, for nothing.
  room_.grant_waiting(
    [this](const monitor_request& x, completion<reference>& answer) {
      answer.deliver(grant(x));
    });
}

} // namespace vigil
