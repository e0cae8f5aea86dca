#pragma once

#include <chrono>
#include <ctime>

namespace vigil::bench {

/// Returns how long the calling thread has used a processor: what others use
/// meanwhile is not in it.
inline std::chrono::nanoseconds thread_time() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds{now.tv_sec}
         + std::chrono::nanoseconds{now.tv_nsec};
}

} // namespace vigil::bench
