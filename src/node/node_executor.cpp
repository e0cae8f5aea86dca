// What a node executor is asked for, and how it steps its core. What follows
// from a step is in node_executor_effects.cpp.

#include "src/node/node_executor.hpp"

#include "src/front/callback_scope.hpp"
#include "src/front/caller_view.hpp"
#include "src/node/node_statistics.hpp"

#include <utility>

namespace vigil {

namespace {

/// What it takes to answer somebody, in the units of `max_step_work`: many ask
/// for nothing that the core would count.
constexpr size_t question_work = 8;

/// After how many slices in a row all is sent that was held back for the next:
/// when as much was requested as a full queue holds.
constexpr uint32_t slices_held_back = max_waiting_requests / request_slice;

} // namespace

node_executor::node_executor(const executor_config& config, front_state& front,
                             vigil::runtime& runtime, node_host& host,
                             executor_probe* probe)
  : front_(front),
    runtime_(runtime),
    host_(host),
    probe_(probe),
    step_work_(config.limits.step_work),
    core_(config.session, config.limits),
    downs_(front.gate, runtime),
    room_(front.board) {
  // nop
}

// -- what threads have requested ----------------------------------------------

void node_executor::on_requests() {
  // The one that is due takes what has come since as well.
  if (slice_is_due_)
    return;
  enter();
  take_requests();
  leave();
}

void node_executor::on_slice() {
  slice_is_due_ = false;
  on_requests();
}

void node_executor::take_requests() {
  auto held = num_held_ > 0;
  behind_ = front_.queue.consume(
    request_slice, [this](const auto& x) { apply_request(x); },
    [this] { return is_busy(); });
  num_held_ = behind_ ? (num_held_ + 1) % slices_held_back : 0;
  // Also if a question came last, which makes a step of its own.
  if (held && num_held_ == 0 && !in_step_)
    begin();
  end_step();
}

void node_executor::apply_request(const request_turn& x) {
  auto found = asked_.extract(x.ticket);
  if (found.empty())
    return;
  // What it sees has happened, and it makes steps of its own.
  end_step();
  spent_ += question_work;
  found.mapped()(errc::none);
}

void node_executor::apply_request(const event::monitor& x) {
  join_step(x);
  if (node_of(x.object) == front_.self)
    core_.apply(x, caller_view{runtime_, front_.gate, x}, effects_);
  else
    core_.apply(x, runtime_, effects_);
}

void node_executor::apply_request(const event::demonitor& x) {
  join_step(x);
  core_.apply(x, runtime_, effects_);
}

void node_executor::apply_request(const event::process_exited& x) {
  if (auto fault = exits_.look(x.process, runtime_);
      fault != exit_check::fault::none)
    note_exit_fault(x.process, fault);
  join_step(x);
  core_.apply(x, runtime_, effects_);
}

// -- requests that are answered -----------------------------------------------

void node_executor::in_turn(const pid& asker, bool prompt, question x) {
  asked_.emplace(++last_ticket_, std::move(x));
  front_.queue.push_turn({last_ticket_, asker}, prompt);
  on_requests();
}

void node_executor::monitor(const monitor_request& x,
                            completion<reference> answer) {
  if (refuses(answer))
    return;
  in_turn(x.watcher, true, [this, x, answer](errc why) mutable {
    if (why != errc::none)
      answer.deliver(why);
    else if (room_.must_wait(node_of(x.object)))
      room_.add(x, std::move(answer));
    else
      grant(x, answer);
  });
}

void node_executor::grant(const monitor_request& x,
                          completion<reference>& answer) {
  if (!valid(x.object))
    return answer.deliver(errc::bad_argument);
  auto ref = front_.references.next();
  if (!ref)
    return answer.deliver(ref);
  front_.gate.open(*ref, x.watcher);
  // Others who wait for room must not be granted in between.
  monitor_room::hold others{room_};
  granting_ref_ = *ref;
  granting_answer_ = &answer;
  run(event::monitor{x.watcher, x.object, *ref});
  granting_ref_ = {};
  granting_answer_ = nullptr;
  answer.deliver(*ref);
}

void node_executor::demonitor(const demonitor_request& x,
                              completion<bool> answer) {
  if (refuses(answer))
    return;
  in_turn(x.watcher, false, [this, x, answer](errc why) mutable {
    if (why != errc::none)
      return answer.deliver(why);
    auto is_own = front_.is_own(x.watcher);
    // Nothing is being delivered while this thread is here.
    auto found = is_own
                 && front_.gate.close(x.ref, x.watcher, false)
                      == gate::closing::won;
    if (found) {
      run(event::demonitor{x.watcher, x.ref});
    } else if (is_own && x.options.flush) {
      callback_scope scope;
      runtime_.remove_down(x.watcher, x.ref);
    }
    answer.deliver(found);
  });
}

void node_executor::process_exited(const exit_report& x,
                                   completion<unit> answer) {
  if (refuses(answer))
    return;
  if (x.process.node != front_.self)
    return answer.deliver(error{errc::not_local, to_string(x.process)});
  if (!front_.is_own(x.process))
    return answer.deliver(error{errc::noproc, to_string(x.process)});
  in_turn([this, x, answer](errc why) mutable {
    if (why != errc::none)
      return answer.deliver(why);
    if (runtime_.alive(x.process))
      return answer.deliver(
        error{errc::bad_argument, to_string(x.process)
                                    + " is alive: a process is made invisible "
                                      "before its end is reported"});
    if (exits_.look(x.process, runtime_) == exit_check::fault::twice) {
      note_exit_fault(x.process, exit_check::fault::twice);
      return answer.deliver(error{
        errc::noproc, "the end of " + to_string(x.process) + " was reported"});
    }
    run(event::process_exited{x.process, x.reason});
    answer.deliver(unit{});
  });
}

void node_executor::note_exit_fault(const pid& process,
                                    exit_check::fault what) {
  // A runtime that makes the mistake at all makes it often.
  if (auto count = exits_.num_faults(); (count & (count - 1)) == 0)
    host_.note(exit_fault{process, what, count});
}

void node_executor::connect(const connect_request& x, completion<unit> answer) {
  if (refuses(answer))
    return;
  in_turn([this, x, answer](errc why) mutable {
    if (why != errc::none)
      return answer.deliver(why);
    if (!x.peer)
      return answer.deliver(errc::bad_argument);
    if (!core_.plane().is_up(x.peer)) {
      answers_.await_up(x.peer, std::move(answer));
      return run(event::connect{x.peer, x.keep});
    }
    if (x.keep)
      run(event::connect{x.peer, true});
    answer.deliver(unit{});
  });
}

void node_executor::disconnect(const disconnect_request& x,
                               completion<unit> answer) {
  if (refuses(answer))
    return;
  in_turn([this, x, answer](errc why) mutable {
    if (why != errc::none)
      return answer.deliver(why);
    run(event::disconnect{x.peer});
    if (core_.plane().is_losing(x.peer))
      answers_.await_down(x.peer, std::move(answer));
    else
      answer.deliver(unit{});
  });
}

void node_executor::sync(const sync_request& x, completion<unit> answer) {
  if (refuses(answer))
    return;
  in_turn([this, x, answer](errc why) mutable {
    if (why == errc::none)
      run(event::sync{x.peer, answers_.await_sync(std::move(answer))});
    else
      answer.deliver(why);
  });
}

void node_executor::stop(completion<unit> answer) {
  stopping_ = true;
  in_turn([this, answer](errc why) mutable {
    if (why != errc::none)
      return answer.deliver(why);
    stop_answer_ = std::move(answer);
    refuse_waiting();
    run(event::stop{});
  });
}

void node_executor::refuse_waiting() {
  answers_.refuse_links(errc::shutdown);
  room_.refuse(errc::shutdown);
}

void node_executor::monitors(const monitors_request& x,
                             completion<monitor_list> answer) {
  in_turn([this, x, answer](errc why) mutable {
    if (why != errc::none)
      return answer.deliver(why);
    monitor_list result;
    for (auto& monitor : core_.plane().monitors(x.watcher))
      result.monitors.push_back({monitor.ref, std::move(monitor.object)});
    spent_ += result.monitors.size();
    answer.deliver(std::move(result));
  });
}

void node_executor::monitored_by(const monitored_by_request& x,
                                 completion<watcher_list> answer) {
  in_turn([this, x, answer](errc why) mutable {
    if (why != errc::none)
      return answer.deliver(why);
    watcher_list result{core_.plane().monitored_by(x.process)};
    spent_ += result.watchers.size();
    answer.deliver(std::move(result));
  });
}

void node_executor::stats(const statistics_request&,
                          completion<statistics> answer) {
  in_turn([this, answer](errc why) mutable {
    if (why == errc::none)
      answer.deliver(collect_statistics(core_, downs_.suppressed(),
                                        front_.queue.cancelled()));
    else
      answer.deliver(why);
  });
}

node_list node_executor::nodes() const {
  return {core_.plane().nodes()};
}

// -- network and time ---------------------------------------------------------

void node_executor::step(const core_event& what) {
  enter();
  run(what);
  leave();
}

void node_executor::on_links() {
  enter();
  begin();
  core_.report(runtime_, effects_);
  finish();
  leave();
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
  for (auto& [ticket, what] : std::exchange(asked_, {}))
    what(errc::shutdown);
  refuse_waiting();
  answers_.refuse_syncs(errc::shutdown);
  answer_all();
  stop_answer_ = {};
}

// -- stepping -----------------------------------------------------------------

void node_executor::leave() {
  auto waiting = answers_.deliver_due(request_slice);
  waiting = room_.deliver_refusals(request_slice) || waiting;
  if (slice_is_due_ || !(waiting || granting_ || behind_))
    return;
  slice_is_due_ = true;
  host_.slice_later();
}

void node_executor::answer_all() {
  answers_.deliver_due(request_queue::no_limit);
  room_.deliver_refusals(request_queue::no_limit);
}

void node_executor::run(const core_event& what) {
  begin();
  apply(what);
  finish();
}

void node_executor::begin() {
  in_step_ = true;
  core_.begin(host_.now());
}

void node_executor::apply(const core_event& what) {
  note(what);
  core_.apply(what, runtime_, effects_);
}

void node_executor::finish() {
  core_.finish(effects_, num_held_ > 0);
  in_step_ = false;
  spent_ += core_.work();
  if (probe_ != nullptr)
    probe_->after(effects_);
  effects_.for_each([this](auto& x) { execute(x); });
  downs_.deliver();
  effects_.clear();
  if (auto wake = core_.next_wake(); wakes_.order(wake))
    host_.wake_at(*wake);
  host_.stepped();
  grant_waiting();
}

void node_executor::grant_waiting() {
  // Granting steps the core, which comes here again, for nothing.
  granting_ = room_.grant_waiting(
    [this](const monitor_request& x, completion<reference>& answer) {
      grant(x, answer);
    },
    [this] { return spent_ >= step_work_; });
}

} // namespace vigil
