#pragma once

#include "tools/descriptor.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// Plain TCP on loopback, for programs that know nothing of vigil.

namespace vigil::test {

/// Listens on a port of its own and leaves callers waiting until they are
/// accepted.
class tcp_listener {
public:
  tcp_listener();

  uint16_t port() const noexcept {
    return port_;
  }

  /// Returns `127.0.0.1:PORT`.
  std::string address() const;

  /// Readable while a caller waits.
  int fd() const noexcept {
    return socket_.get();
  }

  /// Waits for the next caller.
  descriptor accept();

private:
  descriptor socket_;
  uint16_t port_ = 0;
};

/// Connects to a port that somebody listens on.
descriptor tcp_connect(uint16_t port);

/// Connects to a port; returns no descriptor if nobody listens there. Asserts
/// nothing, so that any thread may call it.
descriptor tcp_try_connect(uint16_t port) noexcept;

/// Sends as much as the other side takes.
void tcp_send(const descriptor& socket, std::string_view bytes);

/// Waits until the other side has closed the connection; returns whether it
/// did.
bool tcp_wait_closed(const descriptor& socket);

} // namespace vigil::test
