#pragma once

#include <vigil/core/process_view.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/process_name.hpp>
#include "bench/core/limits/down_check.hpp"
#include "bench/core/limits/thread_time.hpp"
#include "src/front/request_queue.hpp"
#include "src/node/core_event.hpp"
#include "src/node/node_core.hpp"
#include "src/node/node_effects.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace vigil::bench {

/// A node core that is stepped as a node executor steps it, with a clock around
/// each step. What it sends is put into the queue of its peer; its DOWNs are
/// checked; all else that it wants done is nobody's business here.
///
/// Thread-safety: none.
class joined_node final : private process_view {
public:
  /// `downs` outlives it.
  joined_node(node_name self, creation life, down_check& downs);

  /// Makes `peer`, which outlives it, the end of all its connections.
  void join(joined_node& peer) noexcept {
    peer_ = &peer;
  }

  /// Makes all processes up to this number invisible.
  void end_processes(uint32_t last) noexcept {
    last_ended_ = last;
  }

  /// Steps the core by one event.
  void take(const core_event& what);

  /// Steps it by `request(i)` for each number from `first` on and below `last`,
  /// but no more than fit into one step. Returns the first that did not.
  template <class Request>
  size_t take_slice(size_t first, size_t last, const Request& request) {
    auto i = first;
    step([&] {
      do
        core_.apply(request(i), *this, effects_);
      while (++i < last && i - first < request_slice
             && core_.work() < control_limits{}.step_work);
    });
    return i;
  }

  /// Takes what has waited longest in its queue; returns false if nothing has.
  bool take_turn();

  /// Loses the connection. The peer must be told, too.
  void lose_connection();

  /// Returns how long all steps have taken.
  std::chrono::nanoseconds spent() const noexcept {
    return spent_;
  }

  const control_plane& plane() const noexcept {
    return core_.plane();
  }

private:
  bool alive(const pid& process) const noexcept override {
    return process.number > last_ended_;
  }

  std::optional<pid> whereis(const process_name&) const noexcept override {
    return std::nullopt;
  }

  template <class Apply>
  void step(const Apply& apply) {
    auto start = thread_time();
    core_.begin(now_ += moment);
    apply();
    core_.finish(effects_);
    spent_ += thread_time() - start;
    execute_all();
  }

  /// Does what the last step wants done.
  void execute_all();

  void execute(effect::deliver_downs& x);
  void execute(effect::yield& x);
  void execute(effect::dial& x);
  void execute(effect::transmit& x);

  template <class Effect>
  void execute(Effect&) {
    // nop
  }

  /// How far a step moves the node's clock. Short, so that no time ever comes
  /// at which a session has something to do.
  static constexpr std::chrono::nanoseconds moment{100};

  node_core core_;
  down_check& downs_;
  joined_node* peer_ = nullptr;
  node_effects effects_;
  std::deque<core_event> queue_;
  time_point now_{std::chrono::seconds{1000}};
  std::chrono::nanoseconds spent_{0};
  uint32_t last_ended_ = 0;
};

/// Lets both take what waits in their queues until nothing is under way.
void settle(joined_node& x, joined_node& y);

} // namespace vigil::bench
