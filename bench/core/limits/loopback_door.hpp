#pragma once

#include <cstdint>

namespace vigil::bench {

/// Where one process waits for connections of another on the same machine.
/// Throws a `failure` if it cannot.
class loopback_door {
public:
  loopback_door();

  loopback_door(const loopback_door&) = delete;

  loopback_door& operator=(const loopback_door&) = delete;

  ~loopback_door();

  /// Waits for a connection and returns its socket, which is the caller's.
  int accept() const;

  /// Where it is, for `connect`.
  uint16_t port() const noexcept {
    return port_;
  }

  /// Is no door any more, at least of this process.
  void close() noexcept;

  /// Makes a connection to a door of any process and returns its socket, which
  /// is the caller's.
  static int connect(uint16_t port);

private:
  int socket_;
  uint16_t port_ = 0;
};

} // namespace vigil::bench
