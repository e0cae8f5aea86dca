#pragma once

#include <vigil/core/control_event.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include "bench/core/limits/down_check.hpp"
#include "bench/core/limits/figures.hpp"
#include "bench/core/limits/joined_node.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vigil::bench {

/// One round with two new node cores, joined without anything between them:
/// takes each figure in turn, on both sides.
class joined_round {
public:
  /// Adds its figures to `out`, which outlives it.
  explicit joined_round(figures& out);

  /// Throws a `failure` if something did not happen as it must.
  void run();

private:
  /// Who watches whom: the watcher's and the target's number grow by so much
  /// from one monitor to the next.
  struct pattern {
    uint32_t watchers;
    uint32_t targets;
  };

  static constexpr pattern one_watches_many{0, 1};
  static constexpr pattern many_watch_one{1, 0};

  /// Makes all monitors, of and on new processes.
  void set_up(pattern who);

  void demonitor();

  /// Ends all targets, one after the other.
  void end_targets();

  void lose_link();

  /// Hands so many requests to one side, and what comes of it to and fro.
  template <class Request>
  void ask(joined_node& side, size_t count, const Request& request);

  /// Delivers until nothing is under way.
  void settle();

  /// Adds what `work` takes on either side.
  template <class Work>
  void take(std::string_view name, const Work& work);

  /// Runs `work`, which ends all monitors for this reason.
  template <class Work>
  void expect_downs(const exit_reason& reason, const Work& work);

  /// So many monitors must be there, on both sides.
  void check(size_t count) const;

  reference ref_of(size_t i) const noexcept;
  pid watcher_of(size_t i) const noexcept;
  pid target_of(size_t i) const noexcept;

  figures& out_;
  down_check downs_;
  joined_node watcher_;
  joined_node target_;
  pattern who_ = one_watches_many;
  /// How many monitors were made before the present ones.
  size_t before_ = 0;
  /// How many were made at all.
  size_t made_ = 0;
};

} // namespace vigil::bench
