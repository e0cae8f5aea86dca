#include "bench/scale/process_usage.hpp"

#include "bench/common/failure.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>

namespace vigil::bench {

std::chrono::nanoseconds processor_time(pid_t process) {
  clockid_t clock{};
  timespec now{};
  if (::clock_getcpuclockid(process, &clock) != 0
      || ::clock_gettime(clock, &now) != 0)
    throw failure{"no clock for process " + std::to_string(process)};
  return std::chrono::seconds{now.tv_sec}
         + std::chrono::nanoseconds{now.tv_nsec};
}

uint64_t voluntary_switches(pid_t process) {
  uint64_t sum = 0;
  std::filesystem::directory_iterator threads{"/proc/" + std::to_string(process)
                                              + "/task"};
  for (const auto& thread : threads) {
    std::ifstream in{thread.path() / "status"};
    for (std::string word; in >> word;)
      if (word == "voluntary_ctxt_switches:") {
        uint64_t count = 0;
        in >> count;
        sum += count;
      }
  }
  return sum;
}

} // namespace vigil::bench
