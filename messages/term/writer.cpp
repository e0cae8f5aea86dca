#include "messages/term/writer.hpp"

#include "messages/term/tag.hpp"

namespace vigil {

namespace {

void append_big_endian(std::string& out, size_t value, int bytes) {
  for (auto shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    out += static_cast<char>((value >> shift) & 0xff);
}

/// Returns the start of a term of this many more bytes.
std::string begin_term(term_tag tag, size_t more) {
  std::string result;
  result.reserve(2 + more);
  result += static_cast<char>(external_version);
  result += static_cast<char>(tag);
  return result;
}

} // namespace

std::string encode_atom(std::string_view text) {
  auto small = text.size() <= 0xff;
  auto size_bytes = small ? 1 : 2;
  auto result = begin_term(
    small ? term_tag::small_atom_utf8 : term_tag::atom_utf8, text.size() + 2);
  append_big_endian(result, text.size(), size_bytes);
  result += text;
  return result;
}

std::string encode_binary(std::string_view bytes) {
  auto result = begin_term(term_tag::binary, bytes.size() + 4);
  append_big_endian(result, bytes.size(), 4);
  result += bytes;
  return result;
}

} // namespace vigil
