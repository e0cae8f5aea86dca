// A whole node behind one function of C.

#include <vigil/literals.hpp>
#include <vigil/node.hpp>

#include <cstdio>

using namespace vigil;

/// Starts a node and stops it; returns 0 if it has listened in between.
extern "C" int run_a_node() {
  node_config config;
  config.name = "extension@localhost"_node;
  // Another object of the program has the same literal, but other names.
  if (config.name != node_name::parse("extension@localhost")) {
    std::fprintf(stderr, "the literal is not a name of this object\n");
    return 1;
  }
  config.log = nullptr;
  auto node = node::start(config);
  if (!node) {
    std::fprintf(stderr, "%s\n", to_string(node.failure()).c_str());
    return 1;
  }
  auto port = (*node)->port();
  (*node)->stop();
  std::printf("a node in a shared object listened on port %d\n", port);
  return port != 0 ? 0 : 1;
}
