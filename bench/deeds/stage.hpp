#pragma once

#include <vigil/node.hpp>
#include <vigil/pid.hpp>
#include <vigil/runtime_front.hpp>
#include "bench/common/far_side.hpp"
#include "bench/deeds/deed_runtime.hpp"
#include "bench/deeds/prober.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace caf {

class actor_system;
class actor_system_config;

} // namespace caf

namespace vigil::bench {

/// What a deed is done with: one node, a prober, and as many peers as it needs,
/// each an operating-system process of its own.
///
/// Thread-safety: none, but for what its parts say.
class stage {
public:
  using clock = std::chrono::steady_clock;

  /// A process that holds many monitors, or that many watch, and another one.
  static constexpr uint32_t subject = 2;
  static constexpr uint32_t other = 3;

  /// The first of those that nobody else uses.
  static constexpr uint32_t first_free = deed_runtime::end_timed;

  /// Where the processes are that the prober uses.
  enum class witness {
    /// In the node itself.
    same_node,
    /// In a second node, which has its sockets in the same thread.
    second_node
  };

  /// Starts the node for the deed `name`, which is done with `monitors`.
  stage(const std::string& name, size_t monitors, witness where);

  ~stage();

  stage(const stage&) = delete;

  stage& operator=(const stage&) = delete;

  /// With how many monitors the deed is done.
  size_t count() const noexcept {
    return count_;
  }

  deed_runtime& runtime() noexcept {
    return runtime_;
  }

  runtime_front& front() noexcept {
    return front_;
  }

  /// Returns process `number` of the node.
  pid here(uint32_t number) const;

  /// Returns process `number` of the first peer.
  pid there(uint32_t number) const;

  /// Starts so many peers, each with so many processes, and says where they
  /// are.
  void start_peers(size_t peers, size_t processes);

  /// Makes the sessions.
  void connect();

  /// Sends a signal to the first peer.
  void signal(int number);

  /// Makes `count` monitors of `subject`, each on a process of the first peer.
  void monitor_there();

  /// Tells all peers something and waits until all have done it.
  void ask(const std::string& line);

  /// Ends a process of the node.
  void end(uint32_t number);

  /// Waits until a counter of the node has this value. Asks it all the time: no
  /// part of a deed.
  void await(std::string_view what, uint64_t value);

  /// Waits until the node holds no monitor any more.
  void await_nothing();

  /// Waits until so many DOWNs were delivered; does not ask the node.
  void await_downs(uint64_t value);

  /// Stops the node, and prints how long that has taken.
  void stop();

  /// Prints a time of the deed.
  void report_time(std::string_view what, clock::duration time) const;

  /// Does the deed, which returns when its last effect is there, and prints how
  /// long others have waited.
  void deed(const std::function<void()>& what,
            prober::kind how = prober::kind::exit);

  /// Prints how much memory was resident before all, before the deed, and now.
  void report_memory() const;

private:
  /// What two nodes share.
  struct shared_system;

  struct peer {
    far_side side;
    node_name name;
    creation life;
  };

  std::unique_ptr<node> start(std::string_view name, deed_runtime& runtime);

  const size_t count_;
  const std::string name_;
  std::unique_ptr<shared_system> system_;
  deed_runtime runtime_;
  deed_runtime witness_runtime_;
  std::unique_ptr<node> node_;
  /// Null if the processes that are timed are of the node itself.
  std::unique_ptr<node> witness_;
  runtime_front front_;
  prober probe_;
  std::vector<std::unique_ptr<peer>> peers_;
  double empty_ = 0;
  double full_ = 0;
};

} // namespace vigil::bench
