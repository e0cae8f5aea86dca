// Two figures to read each other by, in nanoseconds of a processor for each
// monitor: what two node cores take that are joined without sockets, threads,
// gate and mailbox, and what a bare program takes that does the same with a
// hash map on each side and a connection between two processes. Prints `metric
// core_NAME COLUMN VALUE ns` for each; docs/performance.md says what they mean.

#include "bench/core/limits/bare_program.hpp"
#include "bench/core/limits/figures.hpp"
#include "bench/core/limits/joined_crowd.hpp"
#include "bench/core/limits/joined_round.hpp"

#include <cstddef>
#include <cstdio>
#include <exception>

using namespace vigil::bench;

namespace {

/// In turns, because the speed of a machine wanders.
void take_all(figures& out) {
  bare_program bare;
  for (size_t i = 0; i < num_rounds; ++i) {
    joined_round{out}.run();
    joined_crowd{out}.run();
    bare.run_round(out);
  }
  bare.finish();
}

} // namespace

int main() {
  try {
    figures out;
    take_all(out);
    out.print();
    return 0;
  } catch (const std::exception& why) {
    std::fprintf(stderr, "vigil_bench_limits: %s\n", why.what());
    return 1;
  }
}
