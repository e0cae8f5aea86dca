#pragma once

#include "tools/descriptor.hpp"

namespace vigil {

/// A flag that one thread raises and others wait for with `poll`. It stays
/// raised until somebody lowers it.
///
/// Thread-safety: all members may be called from any thread.
class event_flag {
public:
  /// Throws `std::system_error` if the system has no descriptor left.
  event_flag();

  void raise() noexcept;

  void lower() noexcept;

  /// The descriptor that is readable while the flag is raised.
  int fd() const noexcept {
    return fd_.get();
  }

private:
  descriptor fd_;
};

} // namespace vigil
