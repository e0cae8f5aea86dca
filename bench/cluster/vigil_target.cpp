#include "bench/cluster/vigil_target.hpp"

#include "bench/cluster/node_names.hpp"
#include "bench/common/bench_runtime.hpp"
#include "bench/common/failure.hpp"
#include "bench/common/kernel_counters.hpp"
#include "bench/common/vigil_node.hpp"

#include <iostream>
#include <string>

namespace vigil::bench {

void run_vigil_target(size_t capacity) {
  bench_runtime runtime{capacity};
  auto self = start_node(target_name, runtime);
  auto front = self->front();
  std::cout << "ready " << self->port() << ' ' << to_integer(self->life())
            << std::endl;
  for (std::string command; std::cin >> command;) {
    if (command == "spawn") {
      size_t count = 0;
      std::cin >> count;
      std::cout << runtime.spawn(count) << std::endl;
    } else if (command == "stop") {
      runtime.end_all(front, bench_done());
    } else if (command == "inbound") {
      std::cout << counter(front, "inbound") << std::endl;
    } else if (command == "memory") {
      std::cout << resident_set() << std::endl;
    } else {
      throw failure{"no command " + command};
    }
  }
  self->stop();
}

} // namespace vigil::bench
