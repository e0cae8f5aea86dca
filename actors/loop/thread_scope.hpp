#pragma once

#include <caf/logger.hpp>

namespace vigil {

/// Lets a thread that belongs to nobody, or to another actor system, spawn or
/// ask actors of a system without becoming attached to it. CAF leaves the
/// system's logger with such a thread, and a system that is being destroyed
/// waits until no thread has it.
///
/// A thread that had another system's logger before has none afterwards: CAF
/// does not tell which system that was.
class thread_scope {
public:
  thread_scope() noexcept : before_(caf::logger::current_logger()) {
    // nop
  }

  ~thread_scope() {
    if (caf::logger::current_logger() != before_)
      caf::logger::set_current_actor_system(nullptr);
  }

  thread_scope(const thread_scope&) = delete;

  thread_scope& operator=(const thread_scope&) = delete;

private:
  caf::logger* before_;
};

} // namespace vigil
