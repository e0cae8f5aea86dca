#pragma once

#include <vigil/creation.hpp>
#include <vigil/down_cause.hpp>
#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace vigil {

// What the processes of a node are told.

/// A monitor has ended because its target has, or because the link to it is
/// gone. What `{'DOWN', Ref, process, Object, Reason}` is in Erlang.
/// @see Erlang/OTP, erlang:monitor/2
struct down {
  reference ref{};
  target object;
  exit_reason reason;
};

/// A `down` and the process it is for.
struct down_notice {
  pid watcher;
  down message;
  /// It is one of the DOWNs of a session that is lost. They can come in many
  /// calls; the `node_event` that says so comes after the last.
  bool in_loss = false;
};

/// DOWNs that one watcher owes to the loss of one session, for watchers that
/// have asked for it: as many as come at once.
struct down_batch {
  node_name peer;
  std::vector<down> downs;
};

/// A session with another node has come up or ended.
struct node_event {
  node_name peer;
  bool up = false;
  /// Which life of the peer came up; none when it went down.
  creation life{};
  /// Why it went down; means nothing when it came up.
  down_cause cause = down_cause::closed;
  /// One sentence about the cause; may be empty.
  std::string detail;
  /// How long ago the peer was last heard when it went down, in nanoseconds.
  uint64_t silence = 0;
  /// How long it took to find out, in nanoseconds: from the first sign that
  /// something was wrong. 0 if the end was announced.
  uint64_t detection = 0;
};

} // namespace vigil
