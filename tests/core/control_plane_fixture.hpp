#pragma once

#include <vigil/core/control_driver.hpp>
#include <vigil/core/recording_transport.hpp>
#include "tests/core/transcript.hpp"

namespace vigil::test {

/// Two monitors end in a step: each is found and told of.
inline control_limits small_slices() {
  control_limits result;
  result.step_work = 16;
  return result;
}

/// The control plane of node a over a recording transport. Processes a1 and a2
/// are alive. Every member returns the transcript of one step: what was asked
/// of the transport and what concerns the node, in the order of the effects.
struct control_plane_fixture {
  explicit control_plane_fixture(const control_limits& limits = {})
    : x(node_a, first_life, limits) {
    processes.spawn(1);
    processes.spawn(2);
  }

  lines step(const control_event& what) {
    lines result;
    auto note_transport = [&] {
      for (const auto& record : carrier.take())
        if (show_settled
            || !std::holds_alternative<recording_transport::loss_over>(record))
          result.push_back(test::line(record));
    };
    driver.step(what, processes, [&](const auto& done) {
      note_transport();
      one_by_one(done, [&](const auto& y) {
        using type = std::decay_t<decltype(y)>;
        if (show_lost || !std::is_same_v<type, effect::link_lost>)
          result.push_back(test::line(y) + provenance_of(y));
      });
    });
    note_transport();
    return result;
  }

  lines monitor(const pid& watcher, const target& object, uint64_t number) {
    return step(event::monitor{watcher, object, ref(number)});
  }

  lines demonitor(const pid& watcher, uint64_t number) {
    return step(event::demonitor{watcher, ref(number)});
  }

  /// Ends a process of node a as a runtime does: first invisible, then
  /// reported.
  lines exit(uint32_t number, const exit_reason& reason) {
    processes.end(number);
    return step(event::process_exited{proc(node_a, number), reason});
  }

  lines up(node_name peer, creation life = first_life) {
    return step(event::link_up{peer, life});
  }

  lines down(node_name peer, down_cause cause = down_cause::closed) {
    return step(event::link_down{peer, cause, {}, {}, {}});
  }

  lines failed(node_name peer, errc why) {
    return step(event::link_failed{peer, {why, {}}});
  }

  lines receive(node_name peer, control_message message) {
    return step(event::received{peer, std::move(message)});
  }

  template <class Effect>
  std::string provenance_of(const Effect& what) const {
    if (show_provenance) {
      if constexpr (std::is_same_v<Effect, down_notice>)
        return provenance(what.message.origin, what.message.loss);
      if constexpr (std::is_same_v<Effect, effect::node_down>)
        return " " + std::to_string(what.loss);
    }
    return {};
  }

  /// Most tests are about losses that are settled at once.
  bool show_settled = false;
  /// Every nodedown is preceded by the loss of the link.
  bool show_lost = false;
  /// Where each DOWN comes from, and the number of each loss.
  bool show_provenance = false;
  const pid a1 = proc(node_a, 1);
  const pid a2 = proc(node_a, 2);
  const pid b1 = proc(node_b, 1);
  const pid b2 = proc(node_b, 2);
  const pid c1 = proc(node_c, 1);
  processes_stub processes{node_a};
  control_plane x;
  recording_transport carrier;
  control_driver driver{x, carrier};
};

} // namespace vigil::test
