#include "bench/common/kernel_counters.hpp"

#include "bench/common/failure.hpp"

#include <filesystem>
#include <fstream>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace vigil::bench {

uint64_t tcp_bytes() {
  uint64_t sum = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator{"/proc/self/fd"}) {
    auto fd = std::stoi(entry.path().filename());
    tcp_info info{};
    socklen_t size = sizeof(info);
    // Fails for whatever is no TCP socket.
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0)
      sum += info.tcpi_bytes_sent - info.tcpi_bytes_retrans
             + info.tcpi_bytes_received;
  }
  return sum;
}

uint64_t resident_set() {
  // In pages: the size of the program, and what of it is in memory.
  uint64_t size = 0;
  uint64_t resident = 0;
  std::ifstream in{"/proc/self/statm"};
  if (!(in >> size >> resident))
    throw failure{"no /proc/self/statm"};
  return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

uint64_t peak_resident_set(pid_t process) {
  auto path = "/proc/" + std::to_string(process) + "/status";
  std::ifstream in{path};
  for (std::string word; in >> word;) {
    uint64_t kibibytes = 0;
    if (word == "VmHWM:" && in >> kibibytes)
      return kibibytes * 1024;
  }
  throw failure{"no peak in " + path};
}

} // namespace vigil::bench
