#pragma once

#include <vigil/core/time_point.hpp>
#include <vigil/node_config.hpp>
#include <vigil/node_name.hpp>
#include <vigil/testkit/cluster.hpp>
#include "src/node/executor_config.hpp"
#include "testkit/member.hpp"
#include "testkit/net/wire_network.hpp"
#include "testkit/node_place.hpp"
#include "testkit/run_state.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace vigil::testkit {

/// How long calls wait that have no limit: so long that nothing can come any
/// more of what they wait for.
inline constexpr timespan endless{std::chrono::hours{1}};

/// What stands behind a cluster: its nodes, its network, and the loop that
/// gives turns to the nodes and lets time pass.
class cluster::impl {
public:
  explicit impl(run_state& state);

  ~impl();

  impl(const impl&) = delete;

  impl& operator=(const impl&) = delete;

  // -- nodes ------------------------------------------------------------------

  /// Adds a node, whose lives `make` makes, and begins its first.
  node_place& add(node_name name, node_config config, node_place::factory make);

  /// Keeps a handle of a node as long as the cluster lasts.
  template <class T>
  T& keep(std::shared_ptr<T> x) {
    handles_.push_back(x);
    return *x;
  }

  /// Returns the node of this name. Throws `failure` if there is none.
  node_place& at(node_name name);

  /// Draws what a life of a node is told.
  executor_config draw_config(const node_place& x, size_t which);

  /// Draws the number of a life's first pid.
  uint32_t draw_first_pid() {
    return static_cast<uint32_t>(state.random.next());
  }

  /// Notes a life that begins; returns its number.
  life_id enroll(member& x) {
    lives_.push_back(&x);
    return lives_.size();
  }

  /// Forgets a life that could not begin, or that is gone.
  void withdraw(life_id x) noexcept {
    lives_[x - 1] = nullptr;
  }

  /// Returns all lives of all nodes, by their numbers from 1 on; null for those
  /// that could not begin.
  const std::vector<member*>& lives() const noexcept {
    return lives_;
  }

  /// Returns the virtual time as that of a log record, which counts from 1970.
  std::chrono::system_clock::time_point calendar_time() const;

  // -- turns and time ---------------------------------------------------------

  /// Gives `x` turns until it is not ready any more.
  void wake(member& x);

  /// Says that all have had a chance to be woken: tests do things between two
  /// calls of which nobody hears.
  void look_at_all();

  /// Lets one node do one thing or, if none has anything to do, time pass until
  /// something is due, at `end` at the latest; returns false if nothing is.
  bool do_one(time_point end);

  /// Lets all do what there is to do, and then time pass until something is
  /// due, at `end` at the latest; returns false if nothing is.
  bool pass(time_point end);

  /// Returns how many turns there were.
  uint64_t num_turns() const noexcept {
    return num_turns_;
  }

  /// Lets time pass until `done()` holds, or the limit is over, or something
  /// was found wrong; returns whether it holds. For calls that wait. One that
  /// has no limit, which is `timespan::max()`, and waits for ever is wrong.
  bool wait(const std::function<bool()>& done, timespan limit);

  /// Returns whether time may pass in a call of this name: not in callbacks of
  /// vigil's, nor in handlers of actors. Notes a failure if not.
  bool may_wait(const char* call);

  /// Returns whether neither a callback nor a handler is running.
  bool is_outside() const noexcept;

  /// Throws `failure` if something was found, and the test's body calls: in a
  /// process, a callback or a handler it would go astray.
  void throw_to_body() const;

  /// Does something once neither a callback nor a handler is running.
  void do_outside(std::function<void()> what);

  /// Says whether an actor's handler is running. None runs within another.
  void set_in_handler(bool value) noexcept {
    in_handler_ = value;
  }

  // -- what is done to nodes --------------------------------------------------

  void set_cut(node_name from, node_name to, bool value);
  void heal_all();
  void set_delay(node_name x, node_name y, timespan span);
  void drop_connection(node_name x, node_name y);
  void set_paused(node_name x, bool value);

  /// Shuts a life down in good order, and waits for that.
  void stop(member& x);

  /// Ends the present life of a node.
  void end_life(node_place& x, bool silently);

  /// Returns who is reached under a name.
  station* listener(node_name name);

  // -- the ledger -------------------------------------------------------------

  /// Time is about to pass because the test wants it to.
  void look_for_gaps();

  /// Lets all that is under way come to its end, and checks the ledger.
  void settle();

  /// Gives turns to whoever can do something, without time passing.
  void rest();

  /// Checks the ledger, as far as that can be told at this moment: what is
  /// still under way may make good what is missing. Runs nothing.
  void check_ledger(bool at_end);

  run_state& state;
  wire_network network;

private:
  /// Returns the lives that could do something.
  std::vector<member*> active() const;

  /// Returns whether nobody has anything to do now.
  bool is_idle() const;

  /// Returns whether all that could still happen are timers.
  bool is_settled() const;

  void check_pair(const member& x, const member& y);

  bool is_open(const member& x, const member& y) const;

  void do_postponed();

  void run_one(member& x);

  /// Outlasts those who enrol.
  std::vector<member*> lives_;
  std::map<node_name, std::unique_ptr<node_place>> places_;
  std::vector<std::shared_ptr<void>> handles_;
  /// The lives that may have something to do.
  std::vector<member*> woken_;
  std::vector<std::function<void()>> postponed_;
  uint64_t num_turns_ = 0;
  /// How many turns have begun and not ended, one within the other.
  size_t depth_ = 0;
  bool in_handler_ = false;
};

} // namespace vigil::testkit
