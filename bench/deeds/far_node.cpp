#include "bench/deeds/far_node.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/deeds/deed_runtime.hpp"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <thread>

namespace vigil::bench {

namespace {

/// The process of the peer that watches; nobody times its DOWNs.
constexpr uint32_t watcher = 1;

/// What the peer knows and does when it is told to.
class far_node {
public:
  far_node(size_t index, uint16_t port, uint32_t life, size_t processes)
    : runtime_(std::max<size_t>(processes, watcher)),
      self_(start_node(far_name(index), runtime_)),
      front_(self_->front()),
      other_{*node_name::parse(deeds_name), creation{life}, 0, 0} {
    self_->addresses().add(other_.node, {"127.0.0.1", port});
    std::cout << "ready " << self_->port() << ' ' << to_integer(front_.life())
              << std::endl;
  }

  void obey(const std::string& command) {
    auto number = read();
    if (command == "monitor")
      monitor(static_cast<uint32_t>(number), read(), 0);
    else if (command == "each")
      monitor(static_cast<uint32_t>(number), read(), 1);
    else if (command == "inbound")
      await([&] { return counter(front_, "inbound") == number; });
    else if (command == "downs")
      await([&] { return runtime_.num_downs() >= number; });
    else
      throw failure{"no command " + command};
    std::cout << 1 << std::endl;
  }

  void stop() {
    self_->stop();
  }

private:
  static uint64_t read() {
    uint64_t result = 0;
    if (!(std::cin >> result))
      throw failure{"a command needs another number"};
    return result;
  }

  void monitor(uint32_t first, size_t count, uint32_t stride) {
    auto object = other_;
    object.number = first;
    for (; count > 0; --count, object.number += stride)
      front_.monitor({front_.self(), front_.life(), watcher, 0}, object)
        .value();
    check(front_.sync(other_.node, patience));
  }

  template <class Condition>
  static void await(Condition holds) {
    using clock = std::chrono::steady_clock;
    auto deadline = clock::now() + patience;
    while (!holds()) {
      if (clock::now() > deadline)
        throw failure{"what the peer waits for does not happen"};
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }

  deed_runtime runtime_;
  std::unique_ptr<node> self_;
  runtime_front front_;
  pid other_;
};

} // namespace

std::string far_name(size_t index) {
  return "far" + std::to_string(index) + "@localhost";
}

void run_far_node(size_t index, uint16_t port, uint32_t life,
                  size_t processes) {
  far_node self{index, port, life, processes};
  for (std::string command; std::cin >> command;)
    self.obey(command);
  self.stop();
}

} // namespace vigil::bench
