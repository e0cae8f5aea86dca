#include <vigil/testkit/run.hpp>

#include <vigil/testkit/cluster.hpp>
#include <vigil/testkit/failure.hpp>
#include "testkit/cluster_impl.hpp"
#include "testkit/run_state.hpp"
#include "testkit/watchdog.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <string>

namespace vigil::testkit {

namespace {

/// How long a test may leave its cluster alone, in real time.
constexpr std::chrono::seconds patience{10};

/// Reads a number from the environment; nothing if it is not set, or empty.
std::optional<uint64_t> number_of(const char* variable) {
  auto text = std::getenv(variable);
  if (text == nullptr || *text == '\0')
    return std::nullopt;
  uint64_t result = 0;
  auto end = text + std::strlen(text);
  auto [last, problem] = std::from_chars(text, end, result);
  if (problem != std::errc{} || last != end)
    throw failure{std::string{variable} + " is no number: " + text};
  return result;
}

/// What became of one run of the body.
struct outcome {
  /// What was found, with its time; empty if all is well.
  std::string finding;
  /// What the body has thrown, other than `failure`.
  std::exception_ptr thrown;
  /// What happened last.
  std::deque<std::string> lines;
};

void prepare(run_state& state, const run_options& options) {
  auto& sky = state.sky;
  sky.min_latency = options.min_latency;
  sky.latency = options.max_latency;
  sky.min_dial = options.min_latency;
  sky.dial_refused = options.faults.refused_dials;
  sky.reset = options.faults.resets;
  sky.hiccup = options.faults.hiccups;
}

outcome run_once(const std::function<void(cluster&)>& body,
                 const run_options& options, uint64_t seed, watchdog& dog,
                 run_state::notes kept) {
  dog.begin(seed);
  run_state state{seed, kept, dog};
  prepare(state, options);
  cluster::impl content{state};
  cluster nodes{content};
  outcome result;
  try {
    body(nodes);
    content.check_ledger(true);
    if (options.failed && options.failed())
      state.fail("the test framework has noted a failure");
  } catch (const failure& x) {
    // What is not in the ledger is a mistake in the use of the cluster.
    state.fail(x.what());
  } catch (const std::exception& x) {
    result.thrown = std::current_exception();
    state.fail(std::string{"the test has thrown: "} + x.what());
  } catch (...) {
    // That of a test framework, as a rule, which has said why.
    result.thrown = std::current_exception();
    state.fail("the test has thrown");
  }
  result.finding = state.finding();
  result.lines = state.lines();
  return result;
}

/// What is said of a seed that has failed.
std::string report(uint64_t seed, const outcome& first, const outcome& again) {
  auto number = std::to_string(seed);
  auto result = "seed " + number + ", " + first.finding + "\n";
  if (again.finding != first.finding)
    result += "a second run of this seed has found something else: "
              + (again.finding.empty() ? "nothing" : again.finding)
              + "\n  what happens in the test is not drawn by the seed alone\n";
  for (const auto& line : again.lines)
    result += line + '\n';
  return result + "again, with all that happens: VIGIL_SEED=" + number;
}

/// Runs one seed of many.
void run_seed(const std::function<void(cluster&)>& body,
              const run_options& options, uint64_t seed, watchdog& dog) {
  auto first = run_once(body, options, seed, dog, run_state::notes::none);
  if (first.finding.empty())
    return;
  auto again = run_once(body, options, seed, dog, run_state::notes::last_ones);
  auto text = report(seed, first, again);
  if (!first.thrown)
    throw failure{text};
  std::fprintf(stderr, "%s\n", text.c_str());
  std::rethrow_exception(first.thrown);
}

/// Runs the seed that somebody wants to look at.
void run_shown(const std::function<void(cluster&)>& body,
               const run_options& options, uint64_t seed, watchdog& dog) {
  auto shown = run_once(body, options, seed, dog, run_state::notes::printed);
  if (shown.finding.empty()) {
    std::fprintf(stderr, "seed %llu: nothing wrong was found\n",
                 static_cast<unsigned long long>(seed));
    return;
  }
  auto text = "seed " + std::to_string(seed) + ", " + shown.finding;
  if (!shown.thrown)
    throw failure{text};
  std::fprintf(stderr, "%s\n", text.c_str());
  std::rethrow_exception(shown.thrown);
}

} // namespace

void run(const std::function<void(cluster&)>& body,
         const run_options& options) {
  watchdog dog{patience};
  if (auto seed = number_of("VIGIL_SEED"))
    return run_shown(body, options, *seed, dog);
  auto count = number_of("VIGIL_SEEDS").value_or(options.seeds);
  for (uint64_t i = 0; i < count; ++i)
    run_seed(body, options, options.first + i, dog);
}

} // namespace vigil::testkit
