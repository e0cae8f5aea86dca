#pragma once

#include "tools/demo/node_client.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vigil::soak {

/// A node of the soak test through all its lives: the same name and port each
/// time. Commands are given ahead; what the node prints is handed on in the
/// order in which it was printed.
///
/// Thread-safety: none.
class station {
public:
  using line = node_client::line;

  /// Takes the answer to a command; none if the node ended before it came.
  using handler = std::function<void(const line*)>;

  /// Takes what the node prints in between.
  using event_handler = std::function<void(const line&)>;

  /// A node that runs in `program`, on the first port from `first_port` on that
  /// it can have. `options` are those of each life.
  station(std::string program, std::string name, uint16_t first_port,
          std::vector<std::string> options, event_handler on_event);

  // -- properties -------------------------------------------------------------

  const std::string& name() const noexcept {
    return name_;
  }

  uint16_t port() const noexcept {
    return port_;
  }

  /// Returns whether there is a node that takes commands.
  bool open() const noexcept {
    return client_ != nullptr && !quitting_;
  }

  bool running() const noexcept {
    return client_ != nullptr;
  }

  size_t unanswered() const noexcept {
    return handlers_.size();
  }

  /// How many lives it has had.
  unsigned lives() const noexcept {
    return lives_;
  }

  /// Resident memory in KiB; zero if it does not run.
  size_t resident() const;

  // -- a life -----------------------------------------------------------------

  /// Starts the node. Returns why it could not.
  std::optional<std::string> start();

  /// An option for all lives to come.
  void add_option(std::string option) {
    options_.push_back(std::move(option));
  }

  /// Gives a command.
  /// @pre `open()`
  void send(const std::string& command, handler on_answer);

  /// Hands on what was printed since.
  void read();

  /// Sends a signal that does not end the node.
  void signal(int number);

  /// Ends the node at once, and hands on all that it printed.
  void kill();

  /// Tells the node to end in good order.
  void quit();

  /// Returns whether a node that was told to end has ended; hands on all that
  /// it printed if so.
  bool has_quit();

  /// The status it ended with last.
  int status() const noexcept {
    return status_;
  }

  /// What this life has written to its log.
  std::string log() const;

private:
  void collect();
  void hand_on(node_client::clock::time_point horizon);
  void bury();

  std::string program_;
  std::string name_;
  uint16_t port_;
  std::vector<std::string> options_;
  event_handler on_event_;
  std::unique_ptr<node_client> client_;
  bool quitting_ = false;
  unsigned lives_ = 0;
  int status_ = 0;
  std::deque<handler> handlers_;
  std::deque<line> answers_;
  std::deque<line> events_;
};

} // namespace vigil::soak
