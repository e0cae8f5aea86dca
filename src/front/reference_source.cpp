#include "src/front/reference_source.hpp"

namespace vigil {

reference_source::reference_source(reference next) noexcept
  : next_(to_integer(next)) {
  // nop
}

result<reference> reference_source::next() noexcept {
  // Not a plain increment: a source that is called often enough after its end
  // must not wrap around.
  auto value = next_.load(std::memory_order_relaxed);
  do {
    if (value > to_integer(last_reference))
      return errc::reference_exhausted;
  } while (
    !next_.compare_exchange_weak(value, value + 1, std::memory_order_relaxed));
  return reference{value};
}

} // namespace vigil
