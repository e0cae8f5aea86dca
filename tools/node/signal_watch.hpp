#pragma once

#include "tools/descriptor.hpp"

namespace vigil {

/// Turns the signals that ask a program to end, SIGINT and SIGTERM, into a
/// descriptor that becomes readable, and ignores SIGPIPE. To be made before any
/// other thread is, since threads inherit which signals are blocked. Lasts
/// until the program ends.
class signal_watch {
public:
  /// Throws `std::system_error` if the system has no descriptor left.
  signal_watch();

  /// The descriptor that is readable once a signal has come.
  int fd() const noexcept {
    return fd_.get();
  }

private:
  descriptor fd_;
};

} // namespace vigil
