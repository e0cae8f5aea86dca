// What it costs to write control messages into frames and to read them back.

#include <vigil/control_message.hpp>
#include "bench/core/parties.hpp"
#include "src/session/frame_codec.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vigil::bench {

namespace {

constexpr reference number(uint64_t i) {
  return reference{to_integer(first_reference) + i};
}

/// Requests of a watcher's node.
struct requests {
  static frame_context context() {
    return {here(), life_here, there(), life_there};
  }

  static control_message message(size_t i) {
    return monitor_p{watcher_of(i), target_of(i), number(i)};
  }
};

/// Exits of a target's node, one reason for all.
struct exits {
  static frame_context context() {
    return {there(), life_there, here(), life_here};
  }

  static control_message message(size_t i) {
    return monitor_p_exit{target_of(i), watcher_of(i), number(i),
                          exit_reason::killed()};
  }
};

template <class Kind>
std::vector<control_message> messages(const benchmark::State& state) {
  std::vector<control_message> result;
  for (int64_t i = 0; i < state.range(0); ++i)
    result.push_back(Kind::message(static_cast<size_t>(i)));
  return result;
}

template <class Kind>
std::vector<std::string> payloads(const benchmark::State& state) {
  std::vector<std::string> result;
  frame_encoder encoder{Kind::context()};
  for (const auto& x : messages<Kind>(state)) {
    encoder.add(x);
    if (encoder.full())
      result.push_back(encoder.take().complete());
  }
  if (!encoder.empty())
    result.push_back(encoder.take().complete());
  return result;
}

void report(benchmark::State& state, size_t bytes) {
  using benchmark::Counter;
  auto count = static_cast<double>(state.range(0));
  state.counters["time_a_message"]
    = Counter(count, Counter::kIsIterationInvariantRate | Counter::kInvert);
  state.counters["bytes_a_message"] = static_cast<double>(bytes) / count;
}

template <class Kind>
void encode(benchmark::State& state) {
  auto input = messages<Kind>(state);
  size_t bytes = 0;
  for ([[maybe_unused]] auto _ : state) {
    frame_encoder encoder{Kind::context()};
    bytes = 0;
    for (const auto& x : input) {
      encoder.add(x);
      if (encoder.full())
        bytes += encoder.take().complete().size();
    }
    if (!encoder.empty())
      bytes += encoder.take().complete().size();
  }
  report(state, bytes);
}

template <class Kind>
void decode(benchmark::State& state) {
  auto input = payloads<Kind>(state);
  size_t bytes = 0;
  for (const auto& x : input)
    bytes += x.size();
  std::vector<control_message> entries;
  for ([[maybe_unused]] auto _ : state) {
    frame_decoder decoder{Kind::context()};
    size_t count = 0;
    for (const auto& x : input) {
      entries.clear();
      if (!decoder.decode(x, entries))
        state.SkipWithError("a payload does not decode");
      count += entries.size();
    }
    if (count != static_cast<size_t>(state.range(0)))
      state.SkipWithError("messages are missing");
  }
  report(state, bytes);
}

void sizes(benchmark::internal::Benchmark* x) {
  x->Arg(1)->RangeMultiplier(10)->Range(1000, 1000000);
}

} // namespace

BENCHMARK_TEMPLATE(encode, requests)->Apply(sizes);
BENCHMARK_TEMPLATE(encode, exits)->Apply(sizes);
BENCHMARK_TEMPLATE(decode, requests)->Apply(sizes);
BENCHMARK_TEMPLATE(decode, exits)->Apply(sizes);

} // namespace vigil::bench
