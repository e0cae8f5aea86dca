#pragma once

namespace vigil::testkit {

/// What goes wrong by itself between the nodes of a cluster, each so often in a
/// thousand. None of it breaks a promise of vigil's: watchers get
/// `noconnection` where a session ends by it.
struct weather {
  /// Dials that are refused, although somebody listens.
  unsigned refused_dials = 0;
  /// Messages with which their connection is reset; what is under way in it is
  /// lost.
  unsigned resets = 0;
  /// Messages that take up to sixty times the longest latency longer; what
  /// follows in the same connection waits behind them.
  unsigned hiccups = 0;
};

} // namespace vigil::testkit
