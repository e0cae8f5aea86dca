#pragma once

#include <vigil/node_config.hpp>
#include <vigil/node_name.hpp>
#include "testkit/member.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace vigil::testkit {

/// A node of a cluster through all its lives.
class node_place {
public:
  /// Makes a life, which is the `which`-th, counted from 1.
  using factory
    = std::function<std::unique_ptr<member>(node_place&, size_t which)>;

  /// `name` is what the network knows the node as, `number` its place under the
  /// sky.
  node_place(node_name name, size_t number, const node_config& config,
             factory make);

  node_place(const node_place&) = delete;

  node_place& operator=(const node_place&) = delete;

  node_name name() const noexcept {
    return name_;
  }

  size_t number() const noexcept {
    return number_;
  }

  const node_config& config() const noexcept {
    return config_;
  }

  /// Begins another life.
  void begin_life();

  /// Returns the present life, which may have ended.
  member& life() const {
    return *lives_.back();
  }

  const std::vector<std::unique_ptr<member>>& lives() const noexcept {
    return lives_;
  }

private:
  const node_name name_;
  const size_t number_;
  const node_config config_;
  const factory make_;
  std::vector<std::unique_ptr<member>> lives_;
};

} // namespace vigil::testkit
