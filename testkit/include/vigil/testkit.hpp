#pragma once

// The test kit without actors: clusters of nodes whose processes are those of a
// runtime.

#include <vigil/testkit/cluster.hpp>
#include <vigil/testkit/failure.hpp>
#include <vigil/testkit/run.hpp>
#include <vigil/testkit/runtime_node.hpp>
#include <vigil/testkit/scheduler.hpp>
#include <vigil/testkit/weather.hpp>
