#pragma once

#include <vigil/runtime.hpp>
#include <vigil/testkit/cluster.hpp>
#include <vigil/testkit/scheduler.hpp>
#include "src/front/front_state.hpp"
#include "src/node/node_executor.hpp"
#include "src/node/node_host.hpp"
#include "src/node/node_log.hpp"
#include "testkit/cluster_impl.hpp"
#include "testkit/member.hpp"
#include "testkit/net/alarm.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace vigil::testkit {

/// One life of a node with a user's runtime: a real front and a real executor,
/// which runs when the cluster gives it a turn.
class runtime_life final : public member, private node_host {
public:
  using factory = std::function<cluster::made_runtime(runtime_front)>;

  runtime_life(cluster::impl& home, node_place& place, size_t which,
               const factory& make);

  ~runtime_life() override;

  vigil::runtime& runtime() noexcept {
    return *runtime_;
  }

  void drive(scheduler& x);

  /// Lets the executor do something as soon as it has a turn.
  void enqueue(std::function<void(node_executor&)> what);

  // -- station ----------------------------------------------------------------

  void post(core_event x) override;
  void post_message(connection_id from, session_message x,
                    const frame_mark& mark) override;

  // -- member -----------------------------------------------------------------

  bool ready() const override;
  void run_one() override;
  void look() override;
  void stop() override;
  void let_go() override;

  const node_core& core() const override {
    return executor_.core();
  }

private:
  void ended() override;

  // -- node_host --------------------------------------------------------------

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

  /// Returns whether a process of the runtime can be run now.
  bool can_run_process() const;

  void run_process();

  void order_advance();

  node_log log_;
  node_executor executor_;
  std::unique_ptr<vigil::runtime> runtime_;
  scheduler* scheduler_ = nullptr;
  std::deque<std::function<void(node_executor&)>> inbox_;
  /// One of its processes has a turn.
  bool in_process_ = false;
  /// Rings when the scheduler is to be told the time.
  alarm alarm_;
};

} // namespace vigil::testkit
