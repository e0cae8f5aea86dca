#pragma once

#include <vigil/pid.hpp>

#include <cstddef>

namespace vigil::bench {

/// The watcher of monitor number `i`, on the node `here`: each holds eight.
pid watcher_of(size_t i);

/// The target of monitor number `i`, on the node `there`: each has one monitor.
pid target_of(size_t i);

/// Where the watchers are.
node_name here();

/// Where the targets are.
node_name there();

inline constexpr creation life_here{1};

inline constexpr creation life_there{2};

} // namespace vigil::bench
