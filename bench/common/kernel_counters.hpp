#pragma once

#include <cstdint>
#include <sys/types.h>

namespace vigil::bench {

/// Returns how many bytes this process has sent and received over its TCP
/// connections that are open now, by the kernel's count: without the headers of
/// TCP and IP, each byte once however often it was sent.
uint64_t tcp_bytes();

/// Returns how many bytes of memory this process has in use, the program itself
/// included: its resident set.
uint64_t resident_set();

/// Returns how many bytes the resident set of a process has had at most.
uint64_t peak_resident_set(pid_t process);

} // namespace vigil::bench
