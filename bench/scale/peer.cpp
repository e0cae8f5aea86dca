#include "bench/scale/peer.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/vigil_node.hpp"
#include "bench/common/watcher.hpp"
#include "bench/scale/local_node.hpp"

#include <cstdint>
#include <iostream>

namespace vigil::bench {

namespace {

/// What a peer knows and does when it is told to.
class peer {
public:
  peer(size_t index, size_t capacity)
    : self_(peer_name(index), capacity + 1),
      watcher_(self_.runtime(), self_.front()) {
    std::cout << "ready " << self_.port() << ' '
              << to_integer(self_.front().life()) << std::endl;
  }

  void obey(const std::string& command) {
    if (command == "spawn") {
      answer(self_.runtime().spawn(read()));
    } else if (command == "end") {
      auto first = static_cast<uint32_t>(read());
      self_.runtime().end(first, read(), self_.front(), bench_done());
    } else if (command == "inbound") {
      answer(counter(self_.front(), "inbound"));
    } else if (command == "middle") {
      middle_.name = *node_name::parse(middle_name);
      middle_.port = static_cast<uint16_t>(read());
      middle_.life = creation{static_cast<uint32_t>(read())};
      self_.learn(middle_);
    } else if (command == "monitor") {
      auto first = static_cast<uint32_t>(read());
      monitor(first, read());
      answer(1);
    } else if (command == "downs") {
      watcher_.expect_downs(read(), bench_done());
      answer(1);
    } else {
      throw failure{"no command " + command};
    }
  }

  void stop() {
    self_.stop();
  }

private:
  static size_t read() {
    size_t result = 0;
    if (!(std::cin >> result))
      throw failure{"a command needs another number"};
    return result;
  }

  static void answer(uint64_t number) {
    std::cout << number << std::endl;
  }

  void monitor(uint32_t first, size_t count) {
    pid object{middle_.name, middle_.life, first, 0};
    for (; count > 0; --count, ++object.number)
      watcher_.monitor(object);
    self_.sync(middle_.name);
  }

  local_node self_;
  watcher watcher_;
  remote_node middle_;
};

} // namespace

std::string peer_name(size_t index) {
  return "peer" + std::to_string(index) + "@localhost";
}

void run_peer(size_t index, size_t capacity) {
  peer self{index, capacity};
  for (std::string command; std::cin >> command;)
    self.obey(command);
  self.stop();
}

} // namespace vigil::bench
