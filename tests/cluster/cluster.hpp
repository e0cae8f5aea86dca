#pragma once

#include "tools/demo/down_ledger.hpp"
#include "tools/demo/node_client.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// What all cluster tests need: real nodes that are told what to do and must do
// it. A node that does not makes the test fail at once.

namespace vigil::test {

using namespace std::literals;

/// One `vigil node`, killed at the end of its scope if it still runs.
class test_node {
public:
  using options = std::vector<std::string>;

  /// Where a node listens that is not told otherwise.
  static constexpr const char* default_host = "127.0.0.1";

  /// Starts a node; `name` lacks the host, an address that it listens on;
  /// `program` does what the command does.
  explicit test_node(const std::string& name, const options& more = {},
                     const std::string& host = default_host,
                     const std::string& program = VIGIL_COMMAND);

  // -- properties -------------------------------------------------------------

  const std::string& name() const {
    return client_->name();
  }

  uint16_t port() const {
    return client_->port();
  }

  /// Returns `HOST:PORT`.
  std::string address() const;

  /// Returns `{process,name}`.
  std::string named(const std::string& process) const;

  node_client& client() {
    return *client_;
  }

  // -- commands ---------------------------------------------------------------

  /// Gives a command that must succeed; returns what follows `ok`.
  std::string ok(const std::string& command);

  /// Gives a command that must fail; returns the name of the error.
  std::string error(const std::string& command);

  /// Gives a command and does not wait for the answer.
  void send(const std::string& command);

  /// Waits for the answer to a command that was sent and must succeed.
  std::string next_ok();

  /// Lets a process monitor another, whether or not the other node is to be
  /// heard of; returns the reference.
  std::string request_monitor(const std::string& watcher,
                              const std::string& object);

  /// Lets a process monitor another, and waits until the other node knows if
  /// there is a connection; returns the reference.
  std::string monitor(const std::string& watcher, const std::string& object);

  /// Ends a process.
  void exit(const std::string& process, const std::string& reason);

  /// Connects to `peer` and waits until both have noticed.
  void connect(test_node& peer);

  /// Returns a counter of `stats`.
  uint64_t counter(const std::string& name);

  /// Asks until a counter has this value.
  void await_counter(const std::string& name, uint64_t value);

  /// Asks until what follows `ok` is this.
  void await_answer(const std::string& command, const std::string& answer);

  // -- events -----------------------------------------------------------------

  /// Waits for this very line.
  void sees(const std::string& line);

  /// Waits for this very line and returns when it came.
  node_client::clock::time_point sees_at(const std::string& line);

  /// Waits for the DOWN of a monitor.
  void sees_down(const std::string& watcher, const std::string& ref,
                 const std::string& object, const std::string& reason);

  /// Requires that no such line comes for a while. Only for what would be wrong
  /// at any time: it cannot wait for ever.
  void does_not_see(const std::string& prefix, std::chrono::milliseconds span);

  // -- pauses -----------------------------------------------------------------

  /// Stops the node with SIGSTOP; returns once it stands still.
  void pause();

  /// Lets it go on.
  void resume();

  // -- the end ----------------------------------------------------------------

  /// Ends the node at once.
  void kill();

  /// Ends the node in good order; returns the DOWNs that nobody has waited for.
  std::vector<std::string> quit();

  /// Returns the DOWNs that nobody has waited for.
  std::vector<std::string> rest();

private:
  std::unique_ptr<node_client> client_;
};

/// What became of a program.
struct outcome {
  int status;
  std::string output;
  std::string errors;
};

/// Runs the command, or another program, with this input until it ends.
outcome run(const std::vector<std::string>& arguments,
            std::string_view input = {},
            const std::string& program = VIGIL_COMMAND);

/// Returns words with a blank between each two.
std::string join(std::initializer_list<std::string_view> parts);

/// Returns the words of a text.
std::vector<std::string> words(const std::string& text);

/// Returns whether `text` starts with `prefix`.
bool starts_with(std::string_view text, std::string_view prefix);

} // namespace vigil::test
