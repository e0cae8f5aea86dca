#pragma once

#include <vigil/core/control_driver.hpp>
#include <vigil/core/control_plane.hpp>
#include <vigil/core/process_view.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/core/work_meter.hpp>
#include "src/control/link_layer.hpp"
#include "src/node/core_event.hpp"
#include "src/node/link_router.hpp"
#include "src/node/node_effects.hpp"
#include "src/session/session_layer.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace vigil {

/// All decisions of one node, as a value that can be stepped by hand: a control
/// plane over vigil's own sessions, and over links of other kinds if there are
/// any.
///
/// Thread-safety: none; owned by one node executor.
class node_core {
public:
  explicit node_core(const session_config& config,
                     const control_limits& limits = {});

  /// Takes in links of another kind. Whoever drives them calls `report` after
  /// it has told them what happened.
  /// @pre no step was made yet
  void add(std::unique_ptr<link_layer> links);

  /// Takes one event and returns what must be done about it.
  node_effects step(const core_event& what, time_point now,
                    const process_view& processes);

  // -- several events at once -------------------------------------------------

  /// Starts a step at `now`; `apply` any number of events, then `finish`.
  void begin(time_point now);

  /// Applies one event; appends what concerns the node itself to `out`.
  void apply(const core_event& what, const process_view& processes,
             node_effects& out);

  /// The same for the events of which there are many, which need not become a
  /// `core_event` first.
  void apply(const event::monitor& what, const process_view& processes,
             node_effects& out);
  void apply(const event::demonitor& what, const process_view& processes,
             node_effects& out);
  void apply(const event::process_exited& what, const process_view& processes,
             node_effects& out);
  void apply(const event::arrived& what, const process_view& processes,
             node_effects& out);

  /// Applies what the links have to report.
  void report(const process_view& processes, node_effects& out);

  /// Sends what may leave; appends what the network must do to `out`. If
  /// `more_comes`, another step with requests follows soon: what does not fill
  /// a frame is held back for it.
  void finish(node_effects& out, bool more_comes = false);

  /// Returns how much the present step, or the last, has done, in the units of
  /// `max_step_work`. Whoever has more events leaves them for the next step
  /// once it has done its share.
  size_t work() const noexcept {
    return meter_.done();
  }

  /// Returns when `event::timer` is due; nothing if nobody waits for anything.
  std::optional<time_point> next_wake() const {
    return links_.next_wake();
  }

  // -- for people, tools and tests --------------------------------------------

  const control_plane& plane() const noexcept {
    return plane_;
  }

  const session_layer& sessions() const noexcept {
    return links_.sessions();
  }

  /// For a harness that lets a node say what it has no right to say.
  link_router& links() noexcept {
    return links_;
  }

  /// Lets a harness rewrite what is received before the control plane sees it;
  /// what is received for a peer without a link is ignored.
  void on_received(std::function<void(event::received&)> rewrite) {
    rewrite_ = std::move(rewrite);
  }

private:
  class emitter;

  class reports;

  /// Holds a sync until all that was asked for before it has happened here.
  void hold(const event::sync& x);

  /// Hands on the syncs for peers to whom nothing waits to be sent any more,
  /// and answers those for this node.
  void release_syncs(node_effects& out);

  /// Stops the links once all have been told who must be told before.
  void stop_links();

  /// Asks for one turn at a time.
  void go_on_later(node_effects& out);

  template <class Event>
  void run(const Event& what, const process_view& processes, node_effects& out);

  const size_t step_work_;
  work_meter meter_;
  control_plane plane_;
  link_router links_;
  control_driver driver_;
  std::function<void(event::received&)> rewrite_;
  /// What was asked for before a sync comes first, also what waits for a link.
  std::map<node_name, std::vector<event::sync>> held_syncs_;
  /// Syncs for this node itself, each with the number of deeds that it awaits.
  std::deque<std::pair<event::sync, uint64_t>> own_syncs_;
  /// What a stop has come to.
  enum class stop_phase { none, telling, leaving, over };
  stop_phase stop_ = stop_phase::none;
  /// It has asked to go on, and its turn has not come yet.
  bool yielded_ = false;
};

} // namespace vigil
