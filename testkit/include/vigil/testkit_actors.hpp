#pragma once

// The test kit for programs whose processes are actors of CAF.

#include <vigil/actors.hpp>
#include <vigil/testkit.hpp>
#include <vigil/testkit/actor_node.hpp>
