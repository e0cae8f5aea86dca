#pragma once

#include "messages/session_message.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace vigil::test {

/// Returns a proper greeting of a node `ghost@127.0.0.1`.
hello proper_greeting();

/// How a foreign node behaves; properly if nothing else is said.
struct foreign_manners {
  /// What it says of itself; the numbers are filled in.
  hello greeting = proper_greeting();
  /// Accepts every connection and says nothing at all.
  bool mute = false;
  /// What it sends in a frame once the session is up; nothing if empty.
  std::string frame_bytes;
};

/// A program that speaks the actor framework's protocol as a node does, but not
/// vigil's as it should. Runs in this program, with threads of its own.
class foreign_node {
public:
  explicit foreign_node(foreign_manners manners);

  foreign_node(const foreign_node&) = delete;

  foreign_node& operator=(const foreign_node&) = delete;

  ~foreign_node();

  /// Returns `127.0.0.1:PORT`.
  std::string address() const;

  /// Connects to a node and says hello.
  void dial(uint16_t port);

  /// Waits until a node says goodbye, and returns why.
  farewell await_goodbye();

private:
  class impl;

  std::unique_ptr<impl> impl_;
};

} // namespace vigil::test
