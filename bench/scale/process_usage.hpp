#pragma once

#include <chrono>
#include <cstdint>
#include <sys/types.h>

namespace vigil::bench {

/// Returns the time of a processor that all threads of a process have used, by
/// its clock, which counts nanoseconds.
std::chrono::nanoseconds processor_time(pid_t process);

/// Returns how often the threads of a process that run now have gone to sleep
/// by themselves, to be woken later.
uint64_t voluntary_switches(pid_t process);

} // namespace vigil::bench
