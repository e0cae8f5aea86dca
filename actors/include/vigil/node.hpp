#pragma once

#include <vigil/core/limits.hpp>
#include <vigil/core/time_point.hpp>
#include <vigil/creation.hpp>
#include <vigil/log.hpp>
#include <vigil/node_name.hpp>
#include <vigil/resolver.hpp>
#include <vigil/result.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace caf {

class actor_system;
class actor_system_config;

} // namespace caf

namespace vigil {

class control_plane_handle;
class process_registry;

/// Everything a node must be told. All but the name has a default.
struct node_config {
  /// The node's own name.
  node_name name;
  /// The port to listen on; 0 lets the system choose one.
  uint16_t port = 0;
  /// The runtime whose processes the node watches over. Must outlive the node.
  /// Without one, the processes are actors: see `node::processes`.
  vigil::runtime* runtime = nullptr;
  /// The address to listen on. Without TLS a listener trusts whoever can reach
  /// it: leave it on loopback, or on a network of which that is true.
  std::string bind = "127.0.0.1";
  /// A peer that is silent for this long is lost; at least 400 ms.
  timespan net_ticktime{std::chrono::seconds{8}};
  /// A session that is not up within this time has failed; at least 100 ms.
  timespan net_setuptime{std::chrono::seconds{7}};
  /// How many bytes may wait for one peer before callers wait or get `busy`.
  size_t max_backlog = size_t{64} * 1024 * 1024;
  /// How many monitors the processes of one peer may hold on processes of this
  /// node. A peer that asks for more loses its session, `overload`.
  size_t max_inbound = control_limits{}.max_inbound;
  /// Whether a monitor and its demonitor that meet before either has reached
  /// the control plane go no further. Off for those who measure or watch what
  /// travels.
  bool cancel_pairs = true;
  /// How long the node's thread looks for more, after a few control messages
  /// have come or gone, before it sleeps; 0 makes it sleep at once. Shortens
  /// round trips at the cost of processor time that nobody else wants.
  timespan spin{std::chrono::microseconds{100}};
  /// Finds the addresses of nodes that `node::addresses` does not have.
  std::shared_ptr<resolver> addresses{};
  /// Where log records go; without a sink, such as `log_to_stderr`, nowhere.
  log_sink log{};
  /// The creation; drawn at random unless a test wants a certain one.
  std::optional<creation> life{};
};

/// Announces vigil's message types to an actor system's configuration, loads
/// what a node needs, and lets the system have a random id: CAF's own can be
/// that of another system, and then the two can never connect. For callers who
/// bring their own actor system: call it in the constructor of their
/// configuration, and load no middleman after it.
void configure(caf::actor_system_config& config);

/// Returns what stands in the way of an actor system that is made from `config`
/// and of a node in it. To be asked before the system is made: CAF neither
/// starts nor ends if it lacks a thread. Starts as many threads as it will, for
/// a moment. Errors: `bad_argument` for an option with which nothing would run
/// or end, `system_limit`; each with a detail.
result<unit> check_configuration(const caf::actor_system_config& config);

/// One running node: its control plane, its endpoint on the network, and
/// whatever connects them. Several nodes can live in one program.
///
/// Thread-safety: all members but the destructor may be called from any thread.
class node {
public:
  /// Starts a node with an actor system of its own. Errors: `bad_argument`,
  /// `address_in_use`, `bad_address`, each with a detail.
  static result<std::unique_ptr<node>> start(const node_config& config);

  /// Starts a node in the caller's actor system, which must outlive it and must
  /// have been made from a configuration that went through `configure`. Errors:
  /// as for `start`, and `bad_argument` if the system lacks what a node needs.
  static result<std::unique_ptr<node>> attach(caf::actor_system& system,
                                              const node_config& config);

  /// Stops the node. Like `stop`, `start` and `attach`, not to be called from
  /// the thread of the actor system's sockets (that of CAF's brokers).
  ~node();

  node(const node&) = delete;

  node& operator=(const node&) = delete;

  /// Shuts down in good order: what was reported before is sent, every peer is
  /// told, then the node's actors end. In an actor system of the node's own so
  /// do the processes that are actors: they are told to shut down, and killed a
  /// second later.
  ///
  /// Takes milliseconds as a rule, and five seconds at most, whatever peers and
  /// actors do: a second for peers that do not answer, half of one for a
  /// resolver that does not return, a second for processes that were told to
  /// end, half of one for those that were killed, and for the actor system,
  /// which is left to actors that have still not ended. The rest is for a busy
  /// machine. Not counted is what callbacks of the runtime take, and brokers of
  /// the caller's, which must not wait.
  ///
  /// No callback of the runtime runs once it has returned; must not be called
  /// from one.
  void stop();

  /// What others call the node.
  node_name name() const noexcept;

  /// Which life of the node: `node_config::life`, or what was drawn at its
  /// start.
  creation life() const noexcept;

  /// The port the node listens on.
  uint16_t port() const noexcept;

  /// The handle for a runtime's threads.
  runtime_front front() const noexcept;

  /// The control plane, for actors and for a `caf::scoped_actor`: takes monitor
  /// requests, demonitor requests, exit reports and subscriptions as typed
  /// messages. `<vigil/actors.hpp>` says which, and what they answer.
  control_plane_handle control_plane() const;

  /// The registry of actors that are processes, in `<vigil/actors.hpp>`. In a
  /// node whose configuration named a runtime it takes none, and says so.
  process_registry& processes() noexcept;

  /// The node's table of addresses. A resolver that the configuration brought
  /// is asked for what is not in it.
  static_resolver& addresses() noexcept;

  /// The actor system the node lives in.
  caf::actor_system& system() noexcept;

private:
  class impl;

  explicit node(std::unique_ptr<impl> content) noexcept;

  static result<std::unique_ptr<node>> launch(caf::actor_system* system,
                                              const node_config& config);

  std::unique_ptr<impl> impl_;
};

} // namespace vigil
