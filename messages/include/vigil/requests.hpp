#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/node_name.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace vigil {

// What the actors of one node ask of its control plane.

/// Asks for a monitor; answered with its `reference`, or with an error:
/// `noproc` if the watcher is no live process of the node,
/// `reference_exhausted`, `shutdown`. Waits for its answer while too much is
/// queued for the target's node.
struct monitor_request {
  pid watcher;
  target object;
};

/// Takes a monitor back; answered with true if a live monitor of `watcher` was
/// removed, so that no DOWN was or will be delivered, and with false otherwise.
struct demonitor_request {
  pid watcher;
  reference ref{};
};

/// Reports, once, that a process has ended. It must be invisible to the process
/// view by then. Not answered.
struct exit_report {
  pid process;
  exit_reason reason;
};

/// Asks for a session with a node; answered when it is up or has failed. With
/// `keep`, it is made again whenever it is lost or could not be made, until a
/// `disconnect_request`.
struct connect_request {
  node_name peer;
  bool keep = false;
};

/// Ends the session with a node; answered when it is down.
struct disconnect_request {
  node_name peer;
};

/// Asks when `peer` will have applied all that was sent to it before; answered
/// then, or with `no_connection` if there is no session or it ends. With the
/// name of the node itself: when all that was requested before has happened.
struct sync_request {
  node_name peer;
};

/// Asks which monitors a process holds; answered with a `monitor_list`.
struct monitors_request {
  pid watcher;
};

/// One monitor that a process holds.
struct held_monitor {
  reference ref{};
  target object;
};

/// Answers a `monitors_request`, oldest monitor first.
struct monitor_list {
  std::vector<held_monitor> monitors;
};

/// Asks who monitors a process; answered with a `watcher_list`.
struct monitored_by_request {
  pid process;
};

/// Answers a `monitored_by_request`: one watcher a monitor, oldest first.
struct watcher_list {
  std::vector<pid> watchers;
};

/// Asks which nodes are up; answered with a `node_list`.
struct nodes_request {};

/// Answers a `nodes_request`, ordered by name.
struct node_list {
  std::vector<node_name> nodes;
};

/// Asks for the node's counters; answered with a `statistics`.
struct statistics_request {};

/// Counters and sizes of a node, by name, in a stable order.
struct statistics {
  std::vector<std::pair<std::string, uint64_t>> values;
};

} // namespace vigil
