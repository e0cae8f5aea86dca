#pragma once

namespace vigil::bench {

/// Returns how many bytes are allocated and not freed, as the allocator counts
/// them.
double heap_in_use();

} // namespace vigil::bench
