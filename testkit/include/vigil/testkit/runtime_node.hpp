#pragma once

#include <vigil/node_name.hpp>
#include <vigil/reference.hpp>
#include <vigil/runtime.hpp>
#include <vigil/runtime_front.hpp>

#include <memory>

namespace vigil::testkit {

class node_place;
class scheduler;

/// A node of a cluster whose processes are those of a user's runtime. Stands
/// for all its lives: each has a runtime of its own.
///
/// Thread-safety: none, as all of the kit: one thread runs the whole cluster.
/// Ownership: owned by the cluster.
class runtime_node {
public:
  /// @private
  explicit runtime_node(node_place& place) noexcept : place_(place) {
    // nop
  }

  runtime_node(const runtime_node&) = delete;

  runtime_node& operator=(const runtime_node&) = delete;

  /// Returns what the node was started as.
  node_name name() const noexcept;

  /// Returns the front of the present life, which may have ended.
  runtime_front front() const;

  /// Returns the runtime of the present life. Throws `failure` if that is no
  /// `R`.
  template <class R>
  R& runtime() const {
    auto result = dynamic_cast<R*>(&any_runtime());
    if (result == nullptr)
      refuse_runtime();
    return *result;
  }

  /// Says that a process has taken the DOWN of `ref` out of its mailbox. A test
  /// that says so for one DOWN says so for all of this node: then the ledger
  /// finds out whether one was lost between `deliver` and its watcher. It must
  /// be said when time has passed and all have had their turns, or, if the
  /// runtime is not driven, by the end of the test.
  void received(reference ref);

  /// Lets the seed choose which process of the present life runs when. A
  /// runtime that is a `scheduler` need not be told so. `x` must last until the
  /// cluster ends.
  void drive(scheduler& x);

  /// Allows the runtime to report an end some time after `alive` has begun to
  /// say no. Without that the ledger takes such an end for one that was
  /// forgotten, as soon as time may pass. Whoever monitors the process in
  /// between gets `noproc`.
  void allow_gap();

private:
  vigil::runtime& any_runtime() const;

  [[noreturn]] void refuse_runtime() const;

  node_place& place_;
};

} // namespace vigil::testkit
