#pragma once

#include "messages/pid.hpp"

/// The consumer's own idea of an event.
struct consumer_event {
  consumer_pid sender;
};
