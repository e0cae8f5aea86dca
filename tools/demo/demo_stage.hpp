#pragma once

#include <vigil/errc.hpp>
#include "tools/demo/down_ledger.hpp"
#include "tools/demo/node_client.hpp"
#include "tools/demo/timeline.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vigil {

/// Ends a demo that cannot go on.
class demo_failure : public std::exception {
public:
  explicit demo_failure(error why)
    : why_(std::move(why)),
      text_(to_string(why_)) {
    // nop
  }

  const error& why() const noexcept {
    return why_;
  }

  const char* what() const noexcept override {
    return text_.c_str();
  }

private:
  error why_;
  std::string text_;
};

/// A node of the demo and the processes that it was given.
struct demo_node {
  /// What stands before the @ of its name.
  std::string alias;
  /// The node, unless it was killed or has ended.
  std::unique_ptr<node_client> client;
  /// The port of its first life; every later one takes it again.
  uint16_t port = 0;
  /// The pids of its processes by their names.
  std::map<std::string, std::string> pids;

  /// Returns the whole name.
  std::string name() const;

  /// Returns what a monitor by name calls a process of this node.
  std::string named(const std::string& process) const;
};

/// The nodes of a demo, and what can be done with them. Everything is printed,
/// and every DOWN is accounted for. All members throw `demo_failure` if a node
/// does not do what it is told.
///
/// Thread-safety: none.
class demo_stage {
public:
  using clock = node_client::clock;

  /// What starts a node is `program`; the others must live longer.
  demo_stage(std::string program, timeline& show, down_ledger& ledger);

  // -- nodes ------------------------------------------------------------------

  std::array<demo_node, 4>& nodes() noexcept {
    return nodes_;
  }

  void begin(const std::string& title);

  /// Starts a node with its processes.
  void start(demo_node& x);

  void connect(demo_node& from, demo_node& to);

  /// Kills the program of a node.
  void kill(demo_node& x);

  /// Shuts a node down in good order.
  void quit(demo_node& x);

  // -- processes --------------------------------------------------------------

  /// Lets the guard of `x`, the process that watches over others, monitor
  /// `object`; returns the reference.
  std::string watch(demo_node& x, const std::string& object);

  /// Like `watch`, and expects a DOWN with this reason.
  std::string watch(demo_node& x, const std::string& object,
                    const std::string& reason);

  /// Waits until `x` has applied what the other nodes have asked of it:
  /// monitors travel while the watchers go on. Checks that one of its processes
  /// has this many.
  void settle(demo_node& x, const std::string& process, size_t monitors);

  /// Ends a monitor of the guard of `x`; returns whether it was live.
  bool unwatch(demo_node& x, const std::string& ref,
               const std::string& options);

  /// Returns what is in the mailbox of the guard of `x`, and empties it.
  std::string mailbox(demo_node& x);

  /// Ends a process.
  void end(demo_node& x, const std::string& process, const std::string& reason);

  // -- what follows -----------------------------------------------------------

  /// Expects that `x` loses its connection to `peer`.
  void expect_loss(demo_node& x, const demo_node& peer,
                   const std::string& cause);

  /// Waits for all that is expected since the last call and prints it.
  void await();

  /// Prints something that happened just now.
  void say(const demo_node& x, const std::string& text);

  /// Notes that something is wrong if `holds` is false.
  void check(bool holds, const std::string& sentence);

  /// Ends all nodes and accounts for what they still had to say. Returns
  /// whether nothing was wrong.
  bool finish();

private:
  struct expectation {
    demo_node* node = nullptr;
    std::string line;
  };

  struct happening {
    demo_node* node = nullptr;
    node_client::line line;
  };

  std::string ask(demo_node& x, const std::string& command);
  void print(const happening& x);
  void account(demo_node& x);
  /// Whatever is printed as having followed, followed this moment.
  void mark() noexcept;

  std::string program_;
  timeline& show_;
  down_ledger& ledger_;
  std::array<demo_node, 4> nodes_;
  std::vector<expectation> awaited_;
  clock::time_point moment_;
  bool good_ = true;
};

} // namespace vigil
