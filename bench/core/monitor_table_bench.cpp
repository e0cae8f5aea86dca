// What the monitor table costs beside the bare container: a hash map that is
// given the same keys and values, and keeps no index by process or node.

#include "bench/core/heap.hpp"
#include "bench/core/parties.hpp"
#include "src/front/gate.hpp"
#include "src/table/monitor_table.hpp"

#include "absl/container/flat_hash_map.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

namespace vigil::bench {

namespace {

/// A monitor in as few bytes as it can be told from others in.
struct bare_monitor {
  uint64_t watcher;
  uint64_t target;
  uint32_t life;
  uint32_t node;
};

class bare_map {
public:
  void insert(size_t i, reference ref) {
    auto watcher = watcher_of(i);
    auto object = target_of(i);
    map_.emplace(ref, bare_monitor{watcher.number, object.number,
                                   to_integer(object.life), 0});
  }

  bool erase(size_t, reference ref) {
    return map_.erase(ref) > 0;
  }

private:
  absl::flat_hash_map<reference, bare_monitor> map_;
};

class watchers_half {
public:
  void insert(size_t i, reference ref) {
    table_.monitor_remote(watcher_of(i), target_of(i), ref);
  }

  bool erase(size_t i, reference ref) {
    return table_.demonitor_remote(watcher_of(i), ref).has_value();
  }

  bool take(size_t i, reference ref) {
    return table_.take_outbound_for_exit(there(), target_of(i), watcher_of(i),
                                         ref)
           == monitor_table::exit_match::taken;
  }

private:
  monitor_table table_{here(), life_here};
};

class targets_half {
public:
  void insert(size_t i, reference ref) {
    auto object = target_of(i);
    table_.register_inbound_monitor(watcher_of(i), object, ref, object);
  }

  bool erase(size_t i, reference ref) {
    return table_.remove_inbound_monitor(watcher_of(i), target_of(i), ref);
  }

  void end(size_t i, std::vector<inbound_monitor>& ended) {
    table_.collect_inbound_for_target(target_of(i), ended);
  }

private:
  monitor_table table_{there(), life_there};
};

class gate_alone {
public:
  void insert(size_t i, reference ref) {
    gate_.open(ref, watcher_of(i));
  }

private:
  gate gate_;
};

constexpr reference number(uint64_t i) {
  return reference{to_integer(first_reference) + i};
}

/// The most memory that a peer can make each of its monitors cost: of what lies
/// together in the indexes, two are in use. With few processes, or with as many
/// as monitors, which must then be spread in the same way.
template <bool ManyProcesses>
class spread_half {
public:
  void insert(size_t i, reference) {
    auto spread = i / 2 * 16 + i % 2;
    auto object = target_of(ManyProcesses ? spread : i % 1000);
    table_.register_inbound_monitor(watcher_of(i), object, number(spread),
                                    object);
  }

private:
  monitor_table table_{there(), life_there};
};

void report_each(benchmark::State& state) {
  using benchmark::Counter;
  state.counters["time_a_monitor"]
    = Counter(static_cast<double>(state.range(0)),
              Counter::kIsIterationInvariantRate | Counter::kInvert);
}

/// Among N monitors one is taken out and another put in, anywhere.
template <class Container>
void replace_one(benchmark::State& state) {
  auto n = static_cast<size_t>(state.range(0));
  std::vector<uint32_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937{1});
  std::vector<reference> refs(n);
  Container monitors;
  uint64_t next = 0;
  for (size_t i = 0; i < n; ++i) {
    refs[i] = number(next++);
    monitors.insert(i, refs[i]);
  }
  size_t turn = 0;
  for ([[maybe_unused]] auto _ : state) {
    auto i = order[turn];
    turn = turn + 1 < n ? turn + 1 : 0;
    if (!monitors.erase(i, refs[i]))
      state.SkipWithError("a monitor is missing");
    refs[i] = number(next++);
    monitors.insert(i, refs[i]);
  }
}

/// From none to N monitors and back, in order: growth and release included.
template <class Container>
void fill_and_empty(benchmark::State& state) {
  auto n = static_cast<size_t>(state.range(0));
  for ([[maybe_unused]] auto _ : state) {
    Container monitors;
    for (size_t i = 0; i < n; ++i)
      monitors.insert(i, number(i));
    for (size_t i = 0; i < n; ++i)
      if (!monitors.erase(i, number(i)))
        state.SkipWithError("a monitor is missing");
  }
  report_each(state);
}

/// From N monitors to none by the ends of their targets, in order. Putting them
/// in is not timed.
void exits_arrive(benchmark::State& state) {
  auto n = static_cast<size_t>(state.range(0));
  watchers_half monitors;
  uint64_t next = 0;
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    auto base = next;
    for (size_t i = 0; i < n; ++i)
      monitors.insert(i, number(next++));
    state.ResumeTiming();
    for (size_t i = 0; i < n; ++i)
      if (!monitors.take(i, number(base + i)))
        state.SkipWithError("a monitor is missing");
  }
  report_each(state);
}

/// The same at the target's side.
void targets_end(benchmark::State& state) {
  auto n = static_cast<size_t>(state.range(0));
  targets_half monitors;
  std::vector<inbound_monitor> ended;
  uint64_t next = 0;
  for ([[maybe_unused]] auto _ : state) {
    state.PauseTiming();
    for (size_t i = 0; i < n; ++i)
      monitors.insert(i, number(next++));
    state.ResumeTiming();
    for (size_t i = 0; i < n; ++i) {
      ended.clear();
      monitors.end(i, ended);
      if (ended.size() != 1)
        state.SkipWithError("a monitor is missing");
    }
  }
  report_each(state);
}

/// What N monitors take on the heap, as the allocator counts it.
template <class Container>
void memory(benchmark::State& state) {
  auto n = static_cast<size_t>(state.range(0));
  double taken = 0;
  for ([[maybe_unused]] auto _ : state) {
    auto before = heap_in_use();
    Container monitors;
    for (size_t i = 0; i < n; ++i)
      monitors.insert(i, number(i));
    taken = heap_in_use() - before;
  }
  state.counters["bytes_a_monitor"] = taken / static_cast<double>(n);
}

void sizes(benchmark::internal::Benchmark* x) {
  x->RangeMultiplier(10)->Range(1000, 10000000);
}

} // namespace

// How often is fixed, or the container would be filled anew for each guess.
BENCHMARK_TEMPLATE(replace_one, bare_map)->Apply(sizes)->Iterations(2000000);
BENCHMARK_TEMPLATE(replace_one, watchers_half)
  ->Apply(sizes)
  ->Iterations(2000000);
BENCHMARK_TEMPLATE(replace_one, targets_half)
  ->Apply(sizes)
  ->Iterations(2000000);
BENCHMARK_TEMPLATE(fill_and_empty, bare_map)->Apply(sizes);
BENCHMARK_TEMPLATE(fill_and_empty, watchers_half)->Apply(sizes);
BENCHMARK_TEMPLATE(fill_and_empty, targets_half)->Apply(sizes);
BENCHMARK(exits_arrive)->Apply(sizes);
BENCHMARK(targets_end)->Apply(sizes);
BENCHMARK_TEMPLATE(memory, bare_map)->Apply(sizes)->Iterations(1);
BENCHMARK_TEMPLATE(memory, watchers_half)->Apply(sizes)->Iterations(1);
BENCHMARK_TEMPLATE(memory, targets_half)->Apply(sizes)->Iterations(1);
BENCHMARK_TEMPLATE(memory, spread_half<false>)->Apply(sizes)->Iterations(1);
BENCHMARK_TEMPLATE(memory, spread_half<true>)->Apply(sizes)->Iterations(1);
BENCHMARK_TEMPLATE(memory, gate_alone)->Apply(sizes)->Iterations(1);

} // namespace vigil::bench
