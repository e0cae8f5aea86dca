#pragma once

#include <cstdint>

namespace vigil {

/// First byte of every external term.
inline constexpr uint8_t external_version = 131;

/// The tags of the terms that vigil accepts.
/// @see Erlang/OTP, "External Term Format"
enum class term_tag : uint8_t {
  new_float = 70,
  bit_binary = 77,
  new_pid = 88,
  new_port = 89,
  newer_reference = 90,
  small_integer = 97,
  integer = 98,
  old_float = 99,
  atom = 100,
  old_reference = 101,
  old_port = 102,
  old_pid = 103,
  small_tuple = 104,
  large_tuple = 105,
  nil = 106,
  string = 107,
  list = 108,
  binary = 109,
  small_big = 110,
  large_big = 111,
  new_fun = 112,
  export_fun = 113,
  new_reference = 114,
  small_atom = 115,
  map = 116,
  atom_utf8 = 118,
  small_atom_utf8 = 119,
  v4_port = 120,
};

/// Returns whether `tag` is one of the four tags of atoms.
constexpr bool is_atom_tag(term_tag tag) noexcept {
  return tag == term_tag::atom || tag == term_tag::small_atom
         || tag == term_tag::atom_utf8 || tag == term_tag::small_atom_utf8;
}

constexpr bool is_pid_tag(term_tag tag) noexcept {
  return tag == term_tag::old_pid || tag == term_tag::new_pid;
}

constexpr bool is_port_tag(term_tag tag) noexcept {
  return tag == term_tag::old_port || tag == term_tag::new_port
         || tag == term_tag::v4_port;
}

constexpr bool is_reference_tag(term_tag tag) noexcept {
  return tag == term_tag::old_reference || tag == term_tag::new_reference
         || tag == term_tag::newer_reference;
}

} // namespace vigil
