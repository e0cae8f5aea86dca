// A node that does something large, and its peers, each in an operating-system
// process of its own, which is this program again. Prints `metric NAME 1 VALUE
// UNIT` for each figure.

#include "bench/deeds/deed.hpp"
#include "bench/deeds/far_node.hpp"

#include <cstdint>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

using namespace vigil::bench;

namespace {

int refuse(const std::string& why) {
  std::fprintf(stderr,
               "vigil_bench_deeds: %s\nusage: vigil_bench_deeds NAME COUNT\n"
               "       vigil_bench_deeds list\n",
               why.c_str());
  return 2;
}

int dispatch(const std::vector<std::string>& args) {
  if (args.size() == 1 && args[0] == "list") {
    for (const auto& name : deed_names())
      std::puts(name.c_str());
  } else if (args.size() == 5 && args[0] == "far") {
    run_far_node(std::stoul(args[1]),
                 static_cast<uint16_t>(std::stoul(args[2])),
                 static_cast<uint32_t>(std::stoul(args[3])),
                 std::stoul(args[4]));
  } else if (args.size() == 2) {
    take_deed(args[0], std::stoul(args[1]));
  } else {
    return refuse("say which deed, and how large");
  }
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return dispatch({argv + 1, argv + argc});
  } catch (const std::exception& why) {
    std::fprintf(stderr, "vigil_bench_deeds: %s\n", why.what());
    return 1;
  }
}
