// A program that runs a node.

#include "actors/node.hpp"
#include "messages/pid.hpp"

#include <src/event.hpp>

#include <vigil/actors.hpp>

#include <cstdio>

using namespace vigil::literals;

int main() {
  consumer_node own{consumer_event{consumer_pid{1}}};
  vigil::node_config config;
  config.name = "consumer@localhost"_node;
  auto node = vigil::node::start(config);
  if (!node) {
    std::fprintf(stderr, "%s\n", to_string(node.failure()).c_str());
    return 1;
  }
  std::printf("node %d listens on port %d\n", own.last.sender.number,
              (*node)->port());
  return (*node)->port() != 0 ? 0 : 1;
}
