#pragma once

#include <vigil/node_name.hpp>
#include "messages/session_message.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace vigil::testkit {

/// Numbers the lives of all nodes of a cluster, from 1 on.
using life_id = uint64_t;

/// Where a frame comes from, in truth: written by its sender's harness beside
/// the frame, where no bug can change it.
struct frame_mark {
  life_id sender = 0;
  node_name name;
  /// Which of the sender's sessions with the receiver's name.
  uint64_t epoch = 0;
  uint64_t sequence = 0;
};

/// What actors send each other, as the bytes that their node makes of it.
using freight = std::vector<char>;

/// A message on its way, and what it really is.
struct parcel {
  session_message message;
  frame_mark mark;
  /// Travels in place of the message.
  std::optional<freight> load{};
};

} // namespace vigil::testkit
