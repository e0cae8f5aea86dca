#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/errc.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/requests.hpp>
#include <vigil/result.hpp>
#include <vigil/runtime.hpp>
#include "src/front/front_state.hpp"
#include "src/node/batch_delivery.hpp"
#include "src/node/completion.hpp"
#include "src/node/core_event.hpp"
#include "src/node/executor_config.hpp"
#include "src/node/executor_probe.hpp"
#include "src/node/exit_check.hpp"
#include "src/node/node_core.hpp"
#include "src/node/node_effects.hpp"
#include "src/node/node_host.hpp"
#include "src/node/pending_answers.hpp"
#include "src/node/waiting_room.hpp"
#include "src/node/wake_schedule.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace vigil {

/// Stands between a node core and the world: takes what threads, actors,
/// network and clock want, steps the core, and executes the effects. Decides
/// nothing.
///
/// Effects are executed in the order in which the core emits them, with one
/// liberty: DOWNs that follow each other are delivered in one call.
///
/// What is asked for here has its turn after all that threads have requested
/// before, and is answered then. No call takes long, however much waits: the
/// rest is left for later calls, which the host is asked for.
///
/// Thread-safety: none; owned by who drives it, e.g. a control plane actor. The
/// runtime, the host and completions are called on the driver's thread, from
/// within calls to the executor, and must not come back to it from there.
class node_executor {
public:
  /// All that is passed by reference outlives the executor, or at least the
  /// last call to it. `probe` may be null.
  node_executor(const executor_config& config, front_state& front,
                vigil::runtime& runtime, node_host& host,
                executor_probe* probe = nullptr);

  node_executor(const node_executor&) = delete;

  node_executor& operator=(const node_executor&) = delete;

  // -- what threads have requested --------------------------------------------

  /// The queue of the front has something. Takes a slice; calls
  /// `node_host::slice_later` if that is not all.
  void on_requests();

  /// The time has come that `node_host::slice_later` asked for.
  void on_slice();

  // -- requests that are answered ---------------------------------------------

  /// Starts a monitor once there is room for it at the object's node, and
  /// answers with its reference, or with the reason why there is none:
  /// `bad_argument`, `noproc`, `reference_exhausted`, `shutdown`. The answer
  /// comes before the DOWN, also if that follows at once.
  void monitor(const monitor_request& x, completion<reference> answer);

  /// Ends a monitor; answers whether it was a live one of this watcher. With
  /// `flush` the runtime is asked to remove a DOWN that was delivered, on this
  /// thread.
  void demonitor(const demonitor_request& x, completion<bool> answer);

  /// Reports that a process has ended; answers when that is applied. Errors:
  /// `not_local`, `noproc` for another life of this node and for an end that
  /// was reported before, as far as that is still known, `bad_argument` for a
  /// process that is still alive, `shutdown`; then nothing is applied.
  void process_exited(const exit_report& x, completion<unit> answer);

  /// Answers when there is a session with the peer, or why there is none.
  void connect(const connect_request& x, completion<unit> answer);

  /// Answers when there is no session with the peer, and all its DOWNs are
  /// delivered.
  void disconnect(const disconnect_request& x, completion<unit> answer);

  /// Answers when the peer has applied all that was sent to it before;
  /// `no_connection` if it never will. For this node itself: when all that was
  /// requested before has happened.
  void sync(const sync_request& x, completion<unit> answer);

  /// Shuts down in good order, and answers when that is done, just before
  /// `node_host::stopped`. Who waits for a session or for room gets `shutdown`.
  void stop(completion<unit> answer);

  void monitors(const monitors_request& x, completion<monitor_list> answer);

  void monitored_by(const monitored_by_request& x,
                    completion<watcher_list> answer);

  void stats(const statistics_request& x, completion<statistics> answer);

  /// Returns the nodes that are up now, whatever waits.
  node_list nodes() const;

  // -- network and time -------------------------------------------------------

  /// Steps the core by one event of the network and executes what comes back.
  void step(const core_event& what);

  /// Applies what links report by themselves, those of another kind among them,
  /// and sends what may leave.
  void on_links();

  /// The time has come that `node_host::wake_at` asked for.
  void on_timer(time_point due);

  /// The time has come that `node_host::resume_later` asked for.
  void resume();

  /// Answers everybody who waits with `shutdown`, except who waits for a stop
  /// that has begun, whose completion is dropped, and refuses the requests of
  /// threads. For a
  /// driver that ends without `stop`, or after it; nothing but the destructor
  /// may follow.
  void abandon();

  const node_core& core() const noexcept {
    return core_;
  }

  /// For who takes in links of another kind, and for a harness that lets a node
  /// say what it has no right to say. Must not be stepped.
  node_core& core() noexcept {
    return core_;
  }

private:
  using monitor_room = waiting_room<completion<reference>>;

  /// Does what was asked for, in its turn, or with an `errc` says why not.
  using question = std::function<void(errc)>;

  /// Returns whether the node's end has begun, and then says so: nothing is
  /// changed any more.
  template <class Answer>
  bool refuses(completion<Answer>& answer) {
    if (stopping_)
      answer.deliver(errc::shutdown);
    return stopping_;
  }

  /// Lets a question have its turn. With `prompt` it does not wait behind what
  /// others than the asker have requested.
  void in_turn(const pid& asker, bool prompt, question x);

  void in_turn(question x) {
    in_turn(pid{}, false, std::move(x));
  }

  void take_requests();

  void apply_request(const request_turn& x);
  void apply_request(const event::monitor& x);
  void apply_request(const event::demonitor& x);
  void apply_request(const event::process_exited& x);

  /// Grants a monitor at once, or says why not.
  void grant(const monitor_request& x, completion<reference>& answer);

  /// Tells people of a report of an end that is wrong, but not of too many.
  void note_exit_fault(const pid& process, exit_check::fault what);

  void refuse_waiting();

  /// Answers all who are due, for nobody comes back for the rest.
  void answer_all();

  // -- stepping ---------------------------------------------------------------

  /// Begins a call of the driver.
  void enter() noexcept {
    spent_ = 0;
  }

  /// Ends it: answers who is due, and asks for another call if not all is done.
  void leave();

  /// Returns whether the present call has done its share of work.
  bool is_busy() const noexcept {
    return spent_ + (in_step_ ? core_.work() : 0) >= step_work_;
  }

  /// Steps the core by one event.
  void run(const core_event& what);

  void begin();

  /// Begins a step unless one goes on: requests that follow each other share
  /// it.
  template <class Event>
  void join_step(const Event& what) {
    if (!in_step_)
      begin();
    note(what);
  }

  /// Ends the step that goes on, if one does.
  void end_step() {
    if (in_step_)
      finish();
  }

  /// Shows the probe what the core is about to be told.
  template <class Event>
  void note(const Event& what) {
    if (probe_ != nullptr)
      probe_->before(what);
  }

  void apply(const core_event& what);

  void finish();

  void grant_waiting();

  // -- effects ----------------------------------------------------------------

  void execute(effect::deliver_downs& x);
  void execute(effect::retire& x);
  void execute(effect::node_up& x);
  void execute(effect::node_down& x);
  void execute(effect::link_lost& x);
  void execute(effect::connect_failed& x);
  void execute(effect::yield& x);
  void execute(effect::dial& x);
  void execute(effect::transmit& x);
  void execute(effect::hang_up& x);
  void execute(effect::ticks_missed& x);
  void execute(effect::link_full& x);
  void execute(effect::synced& x);
  void execute(effect::stopped& x);

  void tell_runtime(const node_event& x);

  front_state& front_;
  vigil::runtime& runtime_;
  node_host& host_;
  executor_probe* const probe_;
  const size_t step_work_;
  node_core core_;
  node_effects effects_;
  batch_delivery downs_;
  /// A request that is being granted: its reference, and who waits for it.
  reference granting_ref_{};
  completion<reference>* granting_answer_ = nullptr;
  exit_check exits_;
  pending_answers<completion<unit>> answers_;
  monitor_room room_;
  completion<unit> stop_answer_;
  /// Who asked for a stop has asked for no more.
  bool stopping_ = false;
  /// What waits for its turn, by ticket.
  std::map<uint64_t, question> asked_;
  uint64_t last_ticket_ = 0;
  bool in_step_ = false;
  /// The work of the steps that this call has made.
  size_t spent_ = 0;
  /// Requests were left in the queue that nobody will announce again.
  bool behind_ = false;
  /// In how many slices frames that are not full were held back: the one that
  /// is due fills them. What happens in between holds them back as well.
  uint32_t num_held_ = 0;
  /// Some who wait have room, and were not granted yet.
  bool granting_ = false;
  /// Another call was asked for, and takes also what has come since.
  bool slice_is_due_ = false;
  wake_schedule wakes_;
};

} // namespace vigil
