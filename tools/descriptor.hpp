#pragma once

#include <unistd.h>
#include <utility>

namespace vigil {

/// Owns a file descriptor; -1 is none.
class descriptor {
public:
  explicit descriptor(int fd = -1) noexcept : fd_(fd) {
    // nop
  }

  descriptor(descriptor&& other) noexcept : fd_(other.release()) {
    // nop
  }

  descriptor& operator=(descriptor&& other) noexcept {
    reset(other.release());
    return *this;
  }

  ~descriptor() {
    reset();
  }

  int get() const noexcept {
    return fd_;
  }

  /// Gives the descriptor away.
  int release() noexcept {
    return std::exchange(fd_, -1);
  }

  /// Closes the descriptor and takes another.
  void reset(int fd = -1) noexcept {
    if (fd_ >= 0)
      close(fd_);
    fd_ = fd;
  }

private:
  int fd_;
};

} // namespace vigil
