#pragma once

#include <vigil/down_cause.hpp>
#include <vigil/errc.hpp>

#include <cstddef>
#include <string>

namespace vigil {

/// Why a session is ended or refused, in a goodbye.
struct farewell {
  /// What becomes of a session that was up.
  down_cause cause = down_cause::closed;
  /// What becomes of a connection attempt that was not up yet.
  errc failure = errc::closed;
  /// One sentence for the peer's log; at most `max_detail` bytes.
  std::string detail;

  /// Longest `detail`, in bytes.
  static constexpr size_t max_detail = 1024;
};

/// Makes a farewell fit to be shown and sent: an unknown cause or failure
/// becomes `protocol_error`, control characters and what is not UTF-8 become
/// `?`, and the detail is cut to `max_detail` bytes.
farewell tidied(const farewell& x);

} // namespace vigil
