#include "tools/event_flag.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace vigil {

event_flag::event_flag() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_.get() < 0)
    throw std::system_error{errno, std::generic_category(), "eventfd"};
}

void event_flag::raise() noexcept {
  uint64_t one = 1;
  // Fails only where the flag is raised many times over already.
  [[maybe_unused]] auto written = write(fd_.get(), &one, sizeof(one));
}

void event_flag::lower() noexcept {
  uint64_t count = 0;
  // Fails only where the flag is not raised.
  [[maybe_unused]] auto got = read(fd_.get(), &count, sizeof(count));
}

} // namespace vigil
