#include "bench/core/heap.hpp"

#include <malloc.h>

namespace vigil::bench {

double heap_in_use() {
  auto counts = mallinfo2();
  return static_cast<double>(counts.uordblks + counts.hblkhd);
}

} // namespace vigil::bench
