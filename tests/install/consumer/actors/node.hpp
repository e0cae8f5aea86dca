#pragma once

#include "src/event.hpp"

/// The consumer's own idea of a node.
struct consumer_node {
  consumer_event last;
};
