#include <vigil/result.hpp>

#include <array>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <dlfcn.h>
#include <link.h>

namespace vigil::detail {

namespace {

/// Names a place in the code by what `addr2line -e` takes: a program or shared
/// object and an offset in it.
std::string place_of(const void* address) {
  Dl_info info{};
  void* found = nullptr;
  if (::dladdr1(address, &info, &found, RTLD_DL_LINKMAP) == 0
      || info.dli_fname == nullptr)
    return "an unknown place";
  // From where it was linked for, which is not where it begins in a program
  // that is not position-independent. One less: what a call returns to can be
  // the next line.
  auto offset = reinterpret_cast<uintptr_t>(address)
                - static_cast<const link_map*>(found)->l_addr - 1;
  std::array<char, 2 * sizeof(offset) + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%" PRIxPTR, offset);
  return std::string{info.dli_fname} + "(+0x" + digits.data() + ')';
}

} // namespace

// Not inlined, so that it has a caller to name.
[[gnu::noinline, gnu::cold]] void no_value(const error& why, const char* file,
                                           int line) noexcept {
  std::string text{"vigil: an error was taken for a value, at "};
  if (file != nullptr)
    text += std::string{file} + ':' + std::to_string(line);
  else
    text += place_of(__builtin_return_address(0));
  text += ": " + to_string(why) + '\n';
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::abort();
}

const error& no_error() noexcept {
  // Never destroyed: programs end in any order.
  alignas(error) static unsigned char place[sizeof(error)];
  static const auto& nothing = *new (place) error{errc::none, {}};
  return nothing;
}

} // namespace vigil::detail
