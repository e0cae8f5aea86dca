#include "bench/core/parties.hpp"

#include <vigil/literals.hpp>

#include <cstdint>

namespace vigil::bench {

pid watcher_of(size_t i) {
  return {here(), life_here, static_cast<uint32_t>(i / 8 + 1), 0};
}

pid target_of(size_t i) {
  return {there(), life_there, static_cast<uint32_t>(i + 1), 0};
}

node_name here() {
  static const auto result = "here@localhost"_node;
  return result;
}

node_name there() {
  static const auto result = "there@localhost"_node;
  return result;
}

} // namespace vigil::bench
