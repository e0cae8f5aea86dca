#include "tools/standard_descriptors.hpp"

#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace vigil {

void open_standard_descriptors() {
  for (auto fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0)
      continue;
    // The lowest free descriptor is the one that is missing.
    auto mode = fd == STDERR_FILENO ? O_WRONLY : O_RDONLY;
    [[maybe_unused]] auto opened = open("/dev/null", mode);
  }
}

} // namespace vigil
