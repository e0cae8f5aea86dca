#pragma once

#include <cstdint>

namespace vigil {

/// Tells the lives of a node name apart: a 32-bit number, drawn anew at every
/// start of the node. 0 is never a creation.
/// @see Erlang/OTP, "Distribution Protocol", the creation of a node
enum class creation : uint32_t {};

/// Returns the number; 0 for none.
constexpr uint32_t to_integer(creation x) noexcept {
  return static_cast<uint32_t>(x);
}

/// Returns whether `x` can be the creation of a node.
constexpr bool valid(creation x) noexcept {
  return to_integer(x) != 0;
}

} // namespace vigil
