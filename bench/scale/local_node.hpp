#pragma once

#include <vigil/node.hpp>
#include <vigil/node_name.hpp>
#include <vigil/runtime_front.hpp>
#include "bench/common/bench_runtime.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace vigil::bench {

/// Where a node of another process is found, and which life of it.
struct remote_node {
  node_name name;
  creation life{};
  uint16_t port = 0;
};

/// A node of this process and the runtime it serves.
///
/// Thread-safety: as `bench_runtime` and `runtime_front`.
class local_node {
public:
  /// Starts a node whose runtime has room for `capacity` processes.
  local_node(std::string_view name, size_t capacity);

  bench_runtime& runtime() noexcept {
    return host_;
  }

  runtime_front& front() noexcept {
    return front_;
  }

  uint16_t port() const noexcept {
    return node_->port();
  }

  /// Tells the node where another one is.
  void learn(const remote_node& peer);

  /// Makes a session with a node.
  void connect(const remote_node& peer);

  /// Waits until a node has applied all that was asked of it.
  void sync(node_name peer);

  void stop() {
    node_->stop();
  }

private:
  bench_runtime host_;
  std::unique_ptr<node> node_;
  runtime_front front_;
};

} // namespace vigil::bench
