// One node and its peers, each peer in an operating-system process of its own,
// which is this program again. Prints `metric NAME PEERS VALUE UNIT` for each
// figure.

#include "bench/common/failure.hpp"
#include "bench/scale/figures/idle_figures.hpp"
#include "bench/scale/figures/scale_figures.hpp"
#include "bench/scale/figures/storm_figures.hpp"
#include "bench/scale/peer.hpp"
#include "bench/scale/settings.hpp"
#include "bench/scale/storm.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

using namespace vigil::bench;

namespace {

constexpr std::string_view usage
  = R"(usage: vigil_bench_scale peers COUNT [MONITORS]
       vigil_bench_scale storm SECONDS
       vigil_bench_scale idle SECONDS
)";

using run_function = void (*)(const scale_settings&, peer_group&);

/// Runs with as many peers as there are to be. A failure that is due to the end
/// of a peer says so.
void run(run_function take, const scale_settings& what, size_t capacity) {
  peer_group peers{what.peers, capacity};
  try {
    take(what, peers);
  } catch (const std::exception& why) {
    auto lost = peers.losses();
    if (lost.empty())
      throw;
    throw failure{lost + ": " + why.what()};
  }
}

int refuse(const std::string& why) {
  std::fprintf(stderr, "vigil_bench_scale: %s\n%s", why.c_str(), usage.data());
  return 2;
}

int dispatch(const std::vector<std::string>& args) {
  if (args.size() < 2)
    return refuse("say what to do");
  scale_settings what;
  auto number = std::stoul(args[1]);
  if (args[0] == "peer" && args.size() == 3) {
    run_peer(number, std::stoul(args[2]));
  } else if (args[0] == "peers" && args.size() <= 3) {
    what.peers = number;
    if (args.size() == 3)
      what.monitors = std::stoul(args[2]);
    if (what.peers == 0 || what.monitors % what.peers != 0)
      return refuse("the monitors must be a multiple of the peers");
    // Those that end are not used again.
    run(take_scale_figures, what, 2 * what.monitors / what.peers + 1);
  } else if (args[0] == "storm" && args.size() == 2) {
    what.peers = 2;
    what.length = std::chrono::seconds{number};
    run(take_storm_figures, what, storm::capacity);
  } else if (args[0] == "idle" && args.size() == 2) {
    what.monitors = 1000;
    what.length = std::chrono::seconds{number};
    run(take_idle_figures, what, what.monitors + 1);
  } else {
    return refuse("no such work: " + args[0]);
  }
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return dispatch({argv + 1, argv + argc});
  } catch (const std::exception& why) {
    std::fprintf(stderr, "vigil_bench_scale: %s\n", why.what());
    return 1;
  }
}
