#pragma once

#include <cstdint>
#include <string_view>

namespace vigil {

/// Why a session with a node ended; the provenance of a nodedown.
enum class down_cause : uint8_t {
  /// The connection was closed without a goodbye: the peer died, or the
  /// network closed it.
  closed = 1,
  /// The peer refused to go on with the session.
  refused,
  /// Nothing was heard from the peer for the tick time.
  net_tick_timeout,
  /// One of the two sides broke the session protocol.
  protocol_error,
  /// The peer came back as another incarnation of the same name.
  restarted,
  /// One side asked for more than the other's bounds allow.
  overload,
  /// One of the two nodes shut down in good order.
  shutdown,
  /// One of the two sides asked for the disconnection.
  requested,
};

/// Returns the name of the enumerator; `unknown` for a number that is none of
/// these.
constexpr std::string_view to_string(down_cause x) noexcept {
  switch (x) {
    case down_cause::closed:
      return "closed";
    case down_cause::refused:
      return "refused";
    case down_cause::net_tick_timeout:
      return "net_tick_timeout";
    case down_cause::protocol_error:
      return "protocol_error";
    case down_cause::restarted:
      return "restarted";
    case down_cause::overload:
      return "overload";
    case down_cause::shutdown:
      return "shutdown";
    case down_cause::requested:
      return "requested";
  }
  return "unknown";
}

/// Returns whether `x` is one of the causes above; bytes from a peer may not
/// be.
constexpr bool valid(down_cause x) noexcept {
  return x >= down_cause::closed && x <= down_cause::requested;
}

} // namespace vigil
