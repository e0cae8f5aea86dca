#pragma once

#include <vigil/creation.hpp>
#include <vigil/log_to_stderr.hpp>
#include <vigil/node_config.hpp>
#include <vigil/node_name.hpp>
#include <vigil/resolver.hpp>
#include <vigil/result.hpp>
#include <vigil/runtime_front.hpp>

#include <cstdint>
#include <memory>

namespace caf {

class actor_system;
class actor_system_config;

} // namespace caf

namespace vigil {

class control_plane_handle;
class process_registry;

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

  /// @private What stands behind a node: sockets, or what a test kit has in
  /// their place.
  class impl;

  /// @private
  explicit node(std::unique_ptr<impl> content) noexcept;

private:
  static result<std::unique_ptr<node>> launch(caf::actor_system* system,
                                              const node_config& config);

  std::unique_ptr<impl> impl_;
};

} // namespace vigil
