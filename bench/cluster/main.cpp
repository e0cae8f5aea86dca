// Two nodes in two operating-system processes. The driver starts the target and
// the relay, which are this program again, and prints `metric NAME VALUE UNIT`
// for each figure.

#include "bench/cluster/caf/caf_driver.hpp"
#include "bench/cluster/caf/caf_target.hpp"
#include "bench/cluster/settings.hpp"
#include "bench/cluster/vigil_driver.hpp"
#include "bench/cluster/vigil_target.hpp"
#include "bench/far/run_relay.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace vigil::bench;

namespace {

constexpr std::string_view usage
  = R"(usage: vigil_bench_cluster driver vigil [OPTION...]
       vigil_bench_cluster driver caf [OPTION...]
       vigil_bench_cluster relay PORT MS: a distance to that port, one way

  --monitors=N          how many monitors; default 200000
  --memory-monitors=N   how many for the figures of memory; default 1000000
  --round-trips=N       how many of them; default 5000
  --distance=MS         puts a relay before the target that takes so long,
                        there and back; of vigil only
  --part=NAME           what to measure, can be given several times: many, one,
                        churn, rtt, node_down, node_cut (of vigil only); memory
                        and memory_spread mean something in a program that does
                        nothing else
  --profile=FIGURE      let perf record while this figure is taken, through the
  --perf-control=FIFO   fifos of its option --control
  --perf-ack=FIFO
)";

int refuse(const std::string& why) {
  std::fprintf(stderr, "vigil_bench_cluster: %s\n%s", why.c_str(),
               usage.data());
  return 2;
}

int run_driver(const std::string& system,
               const std::vector<std::string>& options) {
  settings what;
  std::string figure;
  std::string control;
  std::string ack;
  for (const auto& option : options) {
    auto split = option.find('=');
    if (split == std::string::npos)
      return refuse("bad option " + option);
    auto name = option.substr(0, split);
    auto value = option.substr(split + 1);
    if (name == "--monitors")
      what.monitors = std::stoul(value);
    else if (name == "--memory-monitors")
      what.memory_monitors = std::stoul(value);
    else if (name == "--round-trips")
      what.round_trips = std::stoul(value);
    else if (name == "--distance")
      what.distance = std::chrono::milliseconds{std::stoul(value)};
    else if (name == "--part")
      what.parts.insert(value);
    else if (name == "--profile")
      figure = value;
    else if (name == "--perf-control")
      control = value;
    else if (name == "--perf-ack")
      ack = value;
    else
      return refuse("bad option " + option);
  }
  what.watch = stopwatch{figure, control, ack};
  if (system == "caf")
    run_caf_driver(what);
  else
    run_vigil_driver(what);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    std::vector<std::string> args{argv + 1, argv + argc};
    if (args.size() >= 2 && args[0] == "driver"
        && (args[1] == "vigil" || args[1] == "caf"))
      return run_driver(args[1], {args.begin() + 2, args.end()});
    if (args.size() == 2 && args[0] == "target" && args[1] == "caf") {
      run_caf_target();
      return 0;
    }
    if (args.size() == 3 && args[0] == "target" && args[1] == "vigil") {
      run_vigil_target(std::stoul(args[2]));
      return 0;
    }
    if (args.size() == 3 && args[0] == "relay") {
      run_relay(static_cast<uint16_t>(std::stoul(args[1])),
                std::chrono::milliseconds{std::stoul(args[2])});
      return 0;
    }
    return refuse("say what to do");
  } catch (const std::exception& why) {
    std::fprintf(stderr, "vigil_bench_cluster: %s\n", why.what());
    return 1;
  }
}
