#include <vigil/runtime_front.hpp>

#include <vigil/core/control_event.hpp>
#include <vigil/runtime.hpp>
#include "src/front/callback_scope.hpp"
#include "src/front/front_state.hpp"
#include "src/front/note_target.hpp"

#include <mutex>
#include <shared_mutex>
#include <utility>

namespace vigil {

namespace {

/// Returns whether the control plane cannot go on while this thread waits.
bool must_not_wait(const front_state& state) noexcept {
  return in_callback() || !state.plane->may_wait();
}

enum class mode { wait, dont_wait, connected_only };

result<reference> start_monitor(front_state& state, const pid& watcher,
                                const target& object, mode how) {
  if (!valid(object))
    return errc::bad_argument;
  if (!state.is_own(watcher))
    return errc::noproc;
  auto is_local = node_of(object) == state.self;
  if (state.probe != nullptr && (how == mode::wait || is_local))
    state.probe->begins("monitor");
  if (how == mode::connected_only && !is_local
      && !state.board.is_up(node_of(object)))
    return errc::no_connection;
  auto fresh = state.references.next();
  if (!fresh)
    return fresh;
  state.gate.open(*fresh, watcher);
  auto may_wait = how == mode::wait && !must_not_wait(state);
  auto outcome = state.queue.push_monitor({watcher, object, *fresh}, may_wait,
                                          state.board);
  if (outcome != errc::none) {
    state.gate.forget(*fresh);
    return outcome;
  }
  if (is_local)
    note_target(state, object, *fresh);
  if (state.probe != nullptr)
    state.probe->monitored(watcher, object, *fresh);
  return *fresh;
}

/// Puts a question to the control plane and waits for the answer.
template <class Question>
auto ask(front_state& state, const Question& question)
  -> decltype(question(*state.plane)) {
  if (must_not_wait(state))
    return error{errc::busy, "a callback must not wait for the control plane"};
  if (state.probe != nullptr)
    state.probe->begins("a question to the control plane");
  std::shared_lock guard{state.lifetime};
  if (!state.open)
    return errc::shutdown;
  return question(*state.plane);
}

} // namespace

runtime_front::runtime_front(std::shared_ptr<front_state> state) noexcept
  : state_(std::move(state)) {
  // nop
}

// -- identity -----------------------------------------------------------------

node_name runtime_front::self() const noexcept {
  return state_->self;
}

creation runtime_front::life() const noexcept {
  return state_->life;
}

pid runtime_front::new_pid() noexcept {
  return state_->pids.next();
}

// -- monitors -----------------------------------------------------------------

result<reference> runtime_front::monitor(const pid& watcher,
                                         const target& object) {
  return start_monitor(*state_, watcher, object, mode::wait);
}

result<reference> runtime_front::try_monitor(const pid& watcher,
                                             const target& object) {
  return start_monitor(*state_, watcher, object, mode::dont_wait);
}

result<reference> runtime_front::monitor_connected(const pid& watcher,
                                                   const target& object) {
  return start_monitor(*state_, watcher, object, mode::connected_only);
}

result<bool> runtime_front::demonitor(const pid& watcher, reference ref,
                                      demonitor_options options) {
  if (!state_->is_own(watcher))
    return false;
  auto may_wait = !must_not_wait(*state_);
  if (state_->probe != nullptr && may_wait)
    state_->probe->begins("demonitor");
  auto outcome = state_->gate.close(ref, watcher, may_wait);
  if (state_->probe != nullptr)
    state_->probe->demonitored(watcher, ref, outcome == gate::closing::won,
                               options.flush);
  if (outcome == gate::closing::won) {
    auto pushed = state_->queue.push_demonitor(
      {watcher, ref}, state_->cancels_pairs, state_->board);
    if (pushed != errc::none)
      return pushed;
    return true;
  }
  std::shared_lock guard{state_->lifetime};
  if (!state_->open)
    return errc::shutdown;
  if (options.flush) {
    callback_scope scope;
    state_->runtime->remove_down(watcher, ref);
  }
  return false;
}

errc runtime_front::process_exited(const pid& process,
                                   const exit_reason& reason) {
  if (process.node != state_->self)
    return errc::not_local;
  if (!state_->is_own(process))
    return errc::noproc;
  if (state_->probe != nullptr)
    state_->probe->exited(process, reason);
  return state_->queue.push_exit({process, reason});
}

// -- links --------------------------------------------------------------------

result<unit> runtime_front::connect(node_name peer, bool keep) {
  return ask(*state_, [=](auto& x) { return x.connect(peer, keep); });
}

errc runtime_front::disconnect(node_name peer) {
  return ask(*state_, [=](auto& x) { return x.disconnect(peer); }).code();
}

errc runtime_front::sync(node_name peer, timespan limit) {
  return ask(*state_, [=](auto& x) { return x.sync(peer, limit); }).code();
}

bool runtime_front::is_connected(node_name peer) const {
  return state_->board.is_up(peer);
}

// -- introspection ------------------------------------------------------------

result<monitor_list> runtime_front::monitors(const pid& watcher) {
  return ask(*state_, [&](auto& x) { return x.monitors(watcher); });
}

result<watcher_list> runtime_front::monitored_by(const pid& process) {
  return ask(*state_, [&](auto& x) { return x.monitored_by(process); });
}

result<node_list> runtime_front::nodes() {
  return ask(*state_, [](auto& x) { return x.nodes(); });
}

result<statistics> runtime_front::stats() {
  return ask(*state_, [](auto& x) { return x.stats(); });
}

} // namespace vigil
