#include "bench/scale/local_node.hpp"

#include "bench/common/failure.hpp"
#include "bench/common/vigil_node.hpp"

namespace vigil::bench {

local_node::local_node(std::string_view name, size_t capacity)
  : host_(capacity),
    node_(start_node(name, host_)),
    front_(node_->front()) {
  // nop
}

void local_node::learn(const remote_node& peer) {
  node_->addresses().add(peer.name, {"127.0.0.1", peer.port});
}

void local_node::connect(const remote_node& peer) {
  learn(peer);
  auto outcome = front_.connect(peer.name);
  if (!outcome)
    throw failure{"no session with " + to_string(peer.name) + ": "
                  + to_string(outcome.failure())};
}

void local_node::sync(node_name peer) {
  check(front_.sync(peer, patience));
}

} // namespace vigil::bench
