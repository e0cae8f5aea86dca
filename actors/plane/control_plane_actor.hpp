#pragma once

#include "actors/loop/multiplexed.hpp"
#include "actors/loop/short_spin.hpp"
#include "actors/plane/control_plane_parts.hpp"
#include "actors/plane/control_plane_port.hpp"
#include "actors/plane/node_subscribers.hpp"
#include "actors/plane/process_lookup.hpp"
#include "src/node/node_executor.hpp"
#include "src/node/node_host.hpp"
#include "src/node/node_log.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <cstdint>

namespace vigil {

/// The control plane as an actor: turns messages into calls of a node executor,
/// and is the world in which that lives: CAF's clock, a network, messages to
/// itself, and a log.
class control_plane_actor final : public multiplexed<control_plane_port::base>,
                                  private node_host {
public:
  control_plane_actor(caf::actor_config& config, control_plane_parts parts);

  const char* name() const override {
    return "vigil.control_plane";
  }

  using multiplexed::enqueue;

  void enqueue(caf::mailbox_element_ptr x,
               caf::execution_unit* context) override;

  /// Returns what the node has decided; for a harness whose actors run in one
  /// thread.
  const node_core& core() const noexcept {
    return executor_.core();
  }

protected:
  behavior_type make_behavior() override;

  void on_exit() override;

private:
  /// Returns whether a message may come in: not those that CAF acts upon
  /// itself, which anybody could send who has a handle of this actor.
  static bool admits(const caf::mailbox_element& x) noexcept;

  /// Tells who asks why it gets no answer.
  static void refuse(const caf::mailbox_element& x, const error& why);

  /// How a request is put to the executor.
  template <class Request, class Answer>
  using question = void (node_executor::*)(const Request&, completion<Answer>);

  /// Puts `x` to the executor, at once or behind what the sender has asked
  /// before, and returns the promise of the answer.
  template <class Request, class Answer>
  caf::result<Answer> pass(const Request& x, question<Request, Answer> f);

  /// The same in the name of the process that `x` names, or of the sender once
  /// that is known.
  template <class Request, class Answer>
  caf::result<Answer> pass_for(Request& x, question<Request, Answer> f);

  caf::result<unit> subscribe();

  void add_subscriber(const caf::strong_actor_ptr& who);

  // -- node_host --------------------------------------------------------------

  time_point now() override;
  void dial(const effect::dial& x) override;
  void transmit(effect::transmit& x) override;
  void hang_up(const effect::hang_up& x) override;
  void wake_at(time_point due) override;
  void resume_later() override;
  void slice_later() override;
  /// Looks for more messages for a while, if some have passed.
  void stepped() override;
  void stopped() override;
  void note(const effect::node_up& x) override;
  void note(const effect::node_down& x) override;
  void note(const effect::connect_failed& x) override;
  void note(const effect::ticks_missed& x) override;
  void note(const exit_fault& x) override;
  void announce(const node_event& x) override;

  control_plane_parts parts_;
  node_log log_;
  node_executor executor_;
  process_lookup lookup_;
  node_subscribers subscribers_;
  /// Read by whoever sends to this actor.
  std::atomic<bool> ended_{false};
  /// Null in an actor system without a multiplexer.
  caf::intrusive_ptr<short_spin> spin_;
  /// How many control messages had passed at the end of the last step.
  uint64_t passed_before_ = 0;
};

} // namespace vigil
