#include <vigil/result.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <dlfcn.h>

namespace vigil::detail {

namespace {

/// Names a place in the code by what `addr2line -e` takes: a program or shared
/// object and an offset in it.
std::string place_of(const void* address) {
  Dl_info info{};
  if (::dladdr(address, &info) == 0 || info.dli_fname == nullptr)
    return "an unknown place";
  // One less: what a call returns to can be the next line.
  auto offset = static_cast<const char*>(address)
                - static_cast<const char*>(info.dli_fbase) - 1;
  char digits[2 * sizeof(offset) + 1];
  std::snprintf(digits, sizeof(digits), "%tx", offset);
  return std::string{info.dli_fname} + "(+0x" + digits + ')';
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
