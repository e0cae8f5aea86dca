#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/creation.hpp>
#include <vigil/log.hpp>
#include <vigil/node_name.hpp>
#include <vigil/runtime_front.hpp>
#include <vigil/testkit/cluster.hpp>
#include "src/front/front_state.hpp"
#include "src/node/executor_config.hpp"
#include "src/node/node_core.hpp"
#include "testkit/net/station.hpp"
#include "testkit/witness.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace vigil::testkit {

class node_place;

/// One life of a node of a cluster, whatever its processes are: its front, and
/// the witness between that and the processes.
///
/// A life that has something to do says so (`cluster::impl::wake`), and is then
/// given turns until it has not.
class member : public station {
public:
  /// Begins the `which`-th life of the node at `place`, counted from 1.
  member(cluster::impl& home, node_place& place, size_t which);

  ~member() override;

  member(const member&) = delete;

  member& operator=(const member&) = delete;

  // -- station ----------------------------------------------------------------

  life_id id() const noexcept final {
    return id_;
  }

  size_t place() const noexcept final;

  node_name name() const noexcept final;

  std::string label() const final {
    return witness_.label();
  }

  bool running() const noexcept final {
    return running_;
  }

  bool paused() const noexcept final {
    return paused_;
  }

  // -- turns ------------------------------------------------------------------

  /// Returns whether there is something that it could do now.
  virtual bool ready() const = 0;

  /// Does one thing.
  virtual void run_one() = 0;

  /// Looks whether the test has given it something to do.
  virtual void look() = 0;

  void set_paused(bool value);

  // -- ends -------------------------------------------------------------------

  /// Begins an orderly shutdown; it is over once the life does not run any
  /// more.
  virtual void stop() = 0;

  /// Ends at once: does nothing any more, and its callers get `shutdown`. The
  /// network is the caller's to tell.
  void end();

  /// Gives up what may refer to other lives. Follows the end of all.
  virtual void let_go() = 0;

  // -- state ------------------------------------------------------------------

  /// Returns what the node has decided; valid also after its end.
  virtual const node_core& core() const = 0;

  const std::shared_ptr<front_state>& front() const noexcept {
    return front_;
  }

  /// Returns what was seen of its processes.
  /// @{
  witness& seen() noexcept {
    return witness_;
  }

  const witness& seen() const noexcept {
    return witness_;
  }
  /// @}

  /// Whether the cluster has noted that it may have something to do.
  bool is_woken = false;

protected:
  cluster::impl& home() const noexcept {
    return home_;
  }

  const executor_config& settings() const noexcept {
    return settings_;
  }

  /// Opens the front, which asks `port` for what is answered. Then the witness
  /// is to be told whose processes it watches.
  void open(std::shared_ptr<plane_port> port);

  /// Returns where log records go, which get the cluster's time; null if nobody
  /// wants them.
  log_sink log() const;

  /// What is to be done once the life has ended.
  virtual void ended() = 0;

private:
  /// What a caller does who finds a queue full, `again` if he has done it for
  /// the same monitor; false gives up.
  bool make_room(bool again);

  cluster::impl& home_;
  node_place& place_;
  const life_id id_;
  const executor_config settings_;
  const uint32_t first_pid_;
  const std::shared_ptr<front_state> front_;
  witness witness_;
  bool running_ = true;
  bool paused_ = false;
  /// Until when the caller waits for room who does.
  time_point waits_until_;
};

} // namespace vigil::testkit
