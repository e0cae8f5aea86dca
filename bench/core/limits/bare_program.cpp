#include "bench/core/limits/bare_program.hpp"

#include "bench/common/failure.hpp"
#include "bench/core/limits/bare_target.hpp"
#include "bench/core/limits/bare_watcher.hpp"
#include "bench/core/limits/number_stream.hpp"

#include <cstddef>
#include <cstdio>
#include <exception>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace vigil::bench {

bare_program::bare_program() : target_(::fork()) {
  if (target_ < 0)
    throw failure{"no second process"};
  if (target_ == 0)
    ::_exit(run_targets());
}

bare_program::~bare_program() {
  // Nobody else holds it, so that the target's process ends.
  door_.close();
  if (target_ > 0)
    wait_for_target();
}

void bare_program::run_round(figures& out) {
  number_stream peer{door_.accept()};
  bare_watcher{peer, out}.run();
}

void bare_program::finish() {
  if (wait_for_target() != 0)
    throw failure{"the target's process has failed"};
}

int bare_program::run_targets() noexcept {
  door_.close();
  try {
    for (size_t i = 0; i < num_rounds; ++i) {
      number_stream peer{loopback_door::connect(door_.port())};
      bare_target{peer}.run();
    }
    return 0;
  } catch (const std::exception& why) {
    std::fprintf(stderr, "vigil_bench_limits: target: %s\n", why.what());
    return 1;
  }
}

int bare_program::wait_for_target() noexcept {
  int status = -1;
  ::waitpid(std::exchange(target_, 0), &status, 0);
  return status;
}

} // namespace vigil::bench
