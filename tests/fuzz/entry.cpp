// Where libFuzzer, or the replay of a corpus, enters a target.

#include "tests/fuzz/fuzz_target.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace vigil::fuzz {

void check(bool holds, std::string_view what) {
  if (holds)
    return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

} // namespace vigil::fuzz

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name for it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  vigil::fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
