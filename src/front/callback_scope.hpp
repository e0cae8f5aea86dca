#pragma once

namespace vigil {

/// Marks the calling thread, as long as it exists, as being in one of vigil's
/// callbacks, where nothing may wait. Scopes nest.
///
/// Thread-safety: each thread has a mark of its own.
class callback_scope {
public:
  callback_scope() noexcept : outer_(inside) {
    inside = true;
  }

  ~callback_scope() {
    inside = outer_;
  }

  callback_scope(const callback_scope&) = delete;

  callback_scope& operator=(const callback_scope&) = delete;

private:
  friend bool in_callback() noexcept;

  // Here and not in a source file: every demonitor of a thread asks.
  static inline thread_local bool inside = false;

  bool outer_;
};

/// Returns whether the calling thread is in one of vigil's callbacks.
inline bool in_callback() noexcept {
  return callback_scope::inside;
}

} // namespace vigil
