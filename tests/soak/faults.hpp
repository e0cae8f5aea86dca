#pragma once

#include "testkit/net/random_source.hpp"
#include "tests/soak/stage.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <string_view>
#include <utility>
#include <vector>

namespace vigil::soak {

/// Does random harm to nodes and links, several at a time, and heals it.
///
/// Thread-safety: none.
class faults {
public:
  enum kind : size_t {
    kill,
    quit,
    pause,
    long_pause,
    disconnect,
    close_link,
    reset_link,
    hiccup,
    one_way_stall,
    stall,
    num_kinds,
  };

  static std::string_view name(kind what);

  /// The first node is never killed and never quits, so that its memory shows
  /// the whole run.
  static constexpr size_t survivor = 0;

  faults(stage& on, uint64_t seed);

  /// Heals what is due, and begins something new if it is time.
  void go_on(time_point now);

  /// Heals what is due and begins nothing. Returns whether all is healed.
  bool heal(time_point now);

  /// How often each kind happened.
  uint64_t count(kind what) const noexcept {
    return counts_[what];
  }

private:
  /// Heals, as soon as it can; returns whether it has.
  using healer = std::function<bool(time_point)>;

  struct fault {
    time_point until;
    healer heal;
  };

  void begin(time_point now);
  bool begin_at_node(kind what, size_t node, time_point now);
  bool begin_at_link(kind what, size_t a, size_t b, time_point now);
  void kill_node(size_t node, time_point now);
  void quit_node(size_t node, time_point now);
  void pause_node(size_t node, time_point until, bool disturbs);
  void disconnect_nodes(size_t a, size_t b);
  void cut(size_t a, size_t b, test::relay::ending how, time_point now);
  void stall_link(size_t a, size_t b, bool both_ways, time_point until,
                  bool disturbs);
  void add(time_point until, healer heal);
  std::chrono::milliseconds between(std::chrono::milliseconds low,
                                    std::chrono::milliseconds high);

  bool& busy(size_t a, size_t b) {
    return busy_links_[std::min(a, b) * stage::num_nodes + std::max(a, b)];
  }

  stage& stage_;
  testkit::random_source random_;
  time_point next_{};
  std::list<fault> active_;
  std::array<bool, stage::num_nodes> busy_nodes_{};
  std::array<bool, stage::num_nodes * stage::num_nodes> busy_links_{};
  std::array<uint64_t, num_kinds> counts_{};
};

} // namespace vigil::soak
