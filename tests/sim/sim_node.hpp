#pragma once

#include "messages/session_message.hpp"
#include "src/front/front_state.hpp"
#include "src/node/completion.hpp"
#include "src/node/core_event.hpp"
#include "src/node/executor_probe.hpp"
#include "src/node/node_core.hpp"
#include "src/node/node_executor.hpp"
#include "src/node/node_host.hpp"
#include "testkit/net/station.hpp"
#include "testkit/net/wire_network.hpp"
#include "tests/sim/fake_runtime.hpp"
#include "tests/sim/frame_meddler.hpp"
#include "tests/sim/monitor_ledger.hpp"
#include "tests/sim/sim_context.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vigil::sim {

/// What a node does not decide itself.
struct sim_node_traits {
  size_t place = 0;
  session_config session;
  control_limits limits;
  uint32_t first_pid = 0;
  /// As in `node_config`.
  bool cancels_pairs = true;
  /// It now and then says what it has no right to say.
  bool liar = false;
};

/// A request to learn when a peer has applied all.
struct sync_fact {
  node_name peer;
  moment asked = 0;
  time_point asked_at;
};

/// One life of one node: a real front and a real executor, a runtime of simple
/// processes, and judges of all that passes between them.
class sim_node final : public testkit::station,
                       private node_host,
                       private executor_probe {
public:
  sim_node(sim_context& context, testkit::wire_network& network,
           const sim_node_traits& traits);

  sim_node(const sim_node&) = delete;

  sim_node& operator=(const sim_node&) = delete;

  // -- identity ---------------------------------------------------------------

  life_id id() const noexcept override {
    return id_;
  }

  size_t place() const noexcept override {
    return traits_.place;
  }

  node_name name() const noexcept override {
    return traits_.session.self;
  }

  bool is_liar() const noexcept {
    return traits_.liar;
  }

  const session_config& config() const noexcept {
    return traits_.session;
  }

  /// Returns its name and, after a slash, the number of its life.
  std::string label() const override;

  // -- state ------------------------------------------------------------------

  bool running() const noexcept override {
    return running_;
  }

  bool stopping() const noexcept {
    return stopping_;
  }

  bool paused() const noexcept override {
    return context_.clock.now() < paused_until_;
  }

  /// Returns whether its processes can do something now.
  bool active() const noexcept {
    return running_ && !stopping_ && !paused();
  }

  bool sees(node_name peer) const {
    return core().plane().is_up(peer);
  }

  const node_core& core() const noexcept {
    return executor_.core();
  }

  const gate& open_gate() const noexcept {
    return front_.gate;
  }

  monitor_ledger& monitors() noexcept {
    return monitors_;
  }

  std::vector<pid> processes() const {
    return runtime_.all();
  }

  // -- what its processes do --------------------------------------------------

  pid spawn();
  void exit(const pid& x);
  void give_name(const pid& x, const process_name& name);
  void take_name(const process_name& name);
  void monitor(const pid& watcher, const target& object);
  /// By a process, or by an actor through the control plane's own thread.
  void demonitor(const pid& watcher, reference ref, bool as_actor);

  // -- what people do ---------------------------------------------------------

  void connect(node_name peer, bool keep = false);
  void disconnect(node_name peer);
  /// Wants to know when `peer` has applied all.
  void sync(node_name peer);
  void stop();
  void pause(timespan span);
  void resume();
  void crash(bool silently);
  /// Tells `peer` that a monitor which is not its own has ended.
  void lie(sim_node& peer);

  // -- judges -----------------------------------------------------------------

  /// Called before the end of a watched process is reported to the core.
  void on_exit_report(std::function<void(sim_node&, const pid&)> f) {
    owing_ = std::move(f);
  }

  /// Called when a session or the attempt to get one has ended.
  void on_loss(std::function<void(sim_node&, node_name, const char*)> f) {
    loss_judge_ = std::move(f);
  }

  /// Called when a sync has succeeded.
  void on_sync(std::function<void(sim_node&, const sync_fact&)> f) {
    sync_judge_ = std::move(f);
  }

  /// Called when a monitor has ended by the loss of its node, although that
  /// node owed it the target's own reason.
  void on_debt(std::function<void(sim_node&, const monitor_fact&)> f) {
    debt_judge_ = std::move(f);
  }

  /// Called between two slices of what is too large for one step.
  void on_slices(std::function<void(sim_node&)> f) {
    between_slices_ = std::move(f);
  }

  /// Returns how many requests that are answered were not answered.
  size_t num_questions() const noexcept {
    return num_questions_;
  }

  // -- for the network --------------------------------------------------------

  void post(core_event x) override;
  void post_message(connection_id from, session_message x,
                    const frame_mark& mark) override;

private:
  /// What a frame is, and how many control messages came before it.
  struct arrival {
    frame_mark mark;
    uint64_t received_before = 0;
  };

  // -- inbox ------------------------------------------------------------------

  void enqueue(std::function<void()> what);
  void schedule_run();
  void run_inbox();
  void on_timer(time_point due);
  void receive(connection_id from, session_message x, const frame_mark& mark);
  void receive_frame(connection_id from, frame x, const frame_mark& mark);

  /// Makes an answer that is noted, and that `then` is told whether it is good.
  completion<unit> question(const std::string& what,
                            std::function<void(bool)> then = nullptr);

  // -- calls that monitor -----------------------------------------------------

  /// Returns whether the node has taken the request.
  bool hand_over(const event::monitor& x);

  /// Goes on with a call at once, or in a moment: threads can be held up
  /// anywhere.
  void later(std::function<void()> what);

  /// The end of a call that monitors a process of this node.
  void note_what_is_seen(reference ref, const target& object);

  /// For a seeded bug: the same in the wrong order.
  void ask_and_hand_over(const event::monitor& x);

  /// Returns the process of this node that is meant at the moment.
  std::optional<pid> seen_here(const target& object) const;

  void demonitor_by_thread(const pid& watcher, reference ref);
  void demonitor_by_actor(const pid& watcher, reference ref);
  void note_demonitor(const pid& watcher, reference ref, bool won);

  // -- what passes between executor and core ----------------------------------

  void before(const core_event& what) override;
  void after(node_effects& effects) override;
  void begin_stop();
  void count_step();
  /// No step does more than its share, however much there is to do.
  void judge_work();
  /// Puts some of the seeded bugs into what a step wants done.
  void spoil(node_effects& effects);

  void spoil(effect::deliver_downs& x);
  void spoil(down& x);

  /// Notes what the core has decided about DOWNs and references.
  void decide(const effect::deliver_downs& x);
  void decide(const effect::retire& x);

  template <class Effect>
  void decide(const Effect&) {
    // nop
  }
  /// For a seeded bug: an exit counts whoever has sent it.
  void forget_sender(event::received& x);

  // -- what an executor asks of the world -------------------------------------

  time_point now() override;
  void dial(const effect::dial& x) override;
  void transmit(effect::transmit& x) override;
  void hang_up(const effect::hang_up& x) override;
  void wake_at(time_point due) override;
  void resume_later() override;
  void slice_later() override;
  void stepped() override;
  void stopped() override;
  void note(const effect::node_up& x) override;
  void note(const effect::node_down& x) override;
  void note(const effect::connect_failed& x) override;
  void note(const effect::ticks_missed& x) override;
  void note(const exit_fault& x) override;

  // -- what its processes are told --------------------------------------------

  void deliver(const down_notice* first, size_t count);
  void tell(const down_notice& x);
  /// A node event, which was noted before.
  void hear(const node_event& x);
  /// Notes of the DOWNs of this step, up to this one, that the gate did not let
  /// them pass.
  void settle(size_t end);
  /// Another thread, or a callback, uses the moment, so often in a thousand.
  void interfere(unsigned permille);

  void judge_loss(node_name peer, const char* what);
  void end_life(bool silently);
  void note(const std::string& what);

  sim_context& context_;
  testkit::wire_network& network_;
  sim_node_traits traits_;
  life_id id_;
  monitor_ledger monitors_;
  fake_runtime runtime_;
  front_state front_;
  frame_meddler meddler_;
  node_executor executor_;
  std::function<void(sim_node&, const pid&)> owing_;
  std::function<void(sim_node&, node_name, const char*)> loss_judge_;
  std::function<void(sim_node&, const monitor_fact&)> debt_judge_;
  std::function<void(sim_node&, const sync_fact&)> sync_judge_;
  std::function<void(sim_node&)> between_slices_;

  std::deque<std::function<void()>> inbox_;
  bool scheduled_ = false;
  bool running_ = true;
  bool stopping_ = false;
  /// A loss is being delivered in slices.
  bool losing_ = false;
  time_point stop_deadline_;
  time_point paused_until_;

  /// Which loss was noted last.
  uint64_t noted_loss_ = 0;
  /// Which life of each node the present session is with.
  std::map<node_name, creation> lives_up_;
  size_t num_questions_ = 0;
  /// The syncs that the core has not answered.
  std::set<uint64_t> tokens_;

  /// Of the present step: the frame that it applies, the DOWNs that it wants
  /// delivered, up to where they were or were not, what it retires, and whether
  /// it wants anything done.
  std::optional<arrival> arriving_;
  std::vector<down_notice> decided_;
  size_t num_settled_ = 0;
  std::vector<reference> retiring_;
  bool idle_ = false;
  /// For a seeded bug: the wake-up that was asked for last.
  std::optional<time_point> wake_asked_;

  /// How many control messages had been received at the end of the last step.
  uint64_t received_ = 0;

  /// Against a core that never rests.
  time_point second_start_;
  uint64_t steps_in_second_ = 0;
  uint64_t idle_timers_ = 0;
};

} // namespace vigil::sim
