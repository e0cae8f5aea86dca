#include "bench/deeds/far_node.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/deeds/deed_runtime.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

namespace vigil::bench {

namespace {

/// Its watcher; the first is the one that is timed.
constexpr uint32_t watcher = 2;

void monitor(runtime_front& front, const pid& object, size_t count) {
  reference ref{};
  for (; count > 0; --count)
    check(front.monitor({front.self(), front.life(), watcher, 0}, object, ref));
  check(front.sync(object.node, patience));
}

void await_downs(const deed_runtime& runtime, uint64_t count) {
  using clock = std::chrono::steady_clock;
  auto deadline = clock::now() + patience;
  while (runtime.num_downs() < count) {
    if (clock::now() > deadline)
      throw failure{"DOWNs are missing at the peer"};
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
}

} // namespace

void run_far_node(uint16_t port, uint32_t life, size_t processes) {
  deed_runtime runtime{std::max<size_t>(processes, watcher)};
  auto self = start_node(far_name, runtime);
  auto front = self->front();
  auto other = *node_name::parse("deeds@localhost");
  self->addresses().add(other, {"127.0.0.1", port});
  std::cout << "ready " << self->port() << ' ' << to_integer(front.life())
            << std::endl;
  std::string command;
  uint64_t first = 0;
  uint64_t count = 0;
  while (std::cin >> command >> first) {
    if (command == "monitor" && std::cin >> count)
      monitor(front, {other, creation{life}, static_cast<uint32_t>(first), 0},
              count);
    else if (command == "downs")
      await_downs(runtime, first);
    else
      throw failure{"no command " + command};
    std::cout << 1 << std::endl;
  }
  self->stop();
}

} // namespace vigil::bench
