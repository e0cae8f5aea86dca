#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/runtime_front.hpp>
#include "src/front/front_state.hpp"
#include "src/node/node_core.hpp"
#include "testkit/net/station.hpp"
#include "testkit/witness.hpp"

#include <memory>

namespace vigil::testkit {

/// One life of a node of a cluster, whatever its processes are.
///
/// A life that has something to do says so (`cluster::impl::wake`), and is then
/// given turns until it has not.
class member : public station {
public:
  /// Returns whether there is something that it could do now.
  virtual bool ready() const = 0;

  /// Does one thing.
  virtual void run_one() = 0;

  /// Looks whether the test has given it something to do.
  virtual void look() = 0;

  virtual void set_paused(bool value) = 0;

  /// Begins an orderly shutdown; it is over once the life does not run any
  /// more.
  virtual void stop() = 0;

  /// Ends at once: does nothing any more, and its callers get `shutdown`. The
  /// network is the caller's to tell.
  virtual void end() = 0;

  /// Returns what the node has decided; valid also after its end.
  virtual const node_core& core() const = 0;

  virtual const std::shared_ptr<front_state>& front() const = 0;

  /// Returns what was seen of its runtime.
  virtual witness& seen() = 0;

  virtual const witness& seen() const = 0;

  /// Whether the cluster has noted that it may have something to do.
  bool is_woken = false;
};

} // namespace vigil::testkit
