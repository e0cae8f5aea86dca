// What reading costs the control plane's thread: the list of what one process
// holds, that of who monitors one, and the external form of a reason. Nothing
// else happens meanwhile.

#include <vigil/core/control_event.hpp>
#include <vigil/core/control_plane.hpp>
#include <vigil/core/process_view.hpp>
#include <vigil/exit_reason.hpp>
#include "bench/core/parties.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace vigil::bench {

namespace {

constexpr reference number(size_t i) {
  return reference{to_integer(first_reference) + i};
}

/// Whoever is asked for is alive, and nobody has a name.
class everybody final : public process_view {
public:
  bool alive(const pid&) const noexcept override {
    return true;
  }

  std::optional<pid> whereis(const process_name&) const noexcept override {
    return std::nullopt;
  }
};

/// A node here that has a link to one there.
class linked_plane {
public:
  linked_plane() {
    tell(event::link_up{there(), life_there});
  }

  void tell(const control_event& what) {
    effects_.clear();
    plane_.step(what, everybody{}, effects_);
  }

  const control_plane& plane() const noexcept {
    return plane_;
  }

private:
  control_plane plane_{here(), life_here};
  control_plane::effects effects_;
};

/// All monitors are held by one process, on as many of the other node.
void list_monitors(benchmark::State& state) {
  auto n = static_cast<size_t>(state.range(0));
  linked_plane node;
  for (size_t i = 0; i < n; ++i)
    node.tell(event::monitor{watcher_of(0), target_of(i), number(i)});
  for ([[maybe_unused]] auto _ : state)
    if (node.plane().monitors(watcher_of(0)).size() != n)
      state.SkipWithError("a monitor is missing");
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// All monitors are on one process, held by as many of the other node.
void list_watchers(benchmark::State& state) {
  auto n = static_cast<size_t>(state.range(0));
  linked_plane node;
  for (size_t i = 0; i < n; ++i)
    node.tell(event::received{there(), monitor_p{target_of(i), watcher_of(0),
                                                 number(i)}});
  for ([[maybe_unused]] auto _ : state)
    if (node.plane().monitored_by(watcher_of(0)).size() != n)
      state.SkipWithError("a watcher is missing");
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// A binary of N bytes; an atom for none.
void external_form(benchmark::State& state) {
  auto size = static_cast<size_t>(state.range(0));
  auto reason = size > 0 ? exit_reason::binary(std::string(size, 'x'))
                         : exit_reason::killed();
  for ([[maybe_unused]] auto _ : state)
    benchmark::DoNotOptimize(reason.external());
}

} // namespace

BENCHMARK(list_monitors)->RangeMultiplier(10)->Range(1000, 10000000);
BENCHMARK(list_watchers)->RangeMultiplier(10)->Range(1000, 10000000);
BENCHMARK(external_form)->Arg(0)->RangeMultiplier(10)->Range(100, 1000000);

} // namespace vigil::bench
