#include "messages/term/writer.hpp"

#include "messages/term/tag.hpp"

namespace vigil {

namespace {

void append_byte(std::string& out, uint8_t value) {
  out += static_cast<char>(value);
}

void append_tag(std::string& out, term_tag tag) {
  append_byte(out, static_cast<uint8_t>(tag));
}

void append_big_endian(std::string& out, size_t value, int bytes) {
  for (auto shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    append_byte(out, static_cast<uint8_t>(value >> shift));
}

/// Writes what follows the version byte of an atom.
void write_atom_term(char* out, std::string_view text) noexcept {
  auto small = text.size() <= 0xff;
  *out++ = static_cast<char>(small ? term_tag::small_atom_utf8
                                   : term_tag::atom_utf8);
  if (!small)
    *out++ = static_cast<char>(text.size() >> 8);
  *out++ = static_cast<char>(text.size() & 0xff);
  text.copy(out, text.size());
}

} // namespace

std::string encode_atom(std::string_view text) {
  std::string result(atom_size(text.size()), '\0');
  write_atom(result.data(), text);
  return result;
}

void write_atom(char* out, std::string_view text) noexcept {
  *out = static_cast<char>(external_version);
  write_atom_term(out + 1, text);
}

std::string encode_binary(std::string_view bytes) {
  std::string result;
  result.reserve(binary_header_size + bytes.size());
  append_version(result);
  append_tag(result, term_tag::binary);
  append_big_endian(result, bytes.size(), 4);
  result += bytes;
  return result;
}

void append_version(std::string& out) {
  append_byte(out, external_version);
}

void append_tuple_head(std::string& out, uint8_t size) {
  append_tag(out, term_tag::small_tuple);
  append_byte(out, size);
}

void append_atom(std::string& out, std::string_view text) {
  auto start = out.size();
  // Without the version byte.
  out.resize(start + atom_size(text.size()) - 1);
  write_atom_term(&out[start], text);
}

void append_pid(std::string& out, std::string_view node, uint32_t number,
                uint32_t serial, uint32_t creation) {
  append_tag(out, term_tag::new_pid);
  append_atom(out, node);
  for (auto part : {number, serial, creation})
    append_big_endian(out, part, 4);
}

void append_reference(std::string& out, std::string_view node,
                      uint32_t creation,
                      std::initializer_list<uint32_t> words) {
  append_tag(out, term_tag::newer_reference);
  append_big_endian(out, words.size(), 2);
  append_atom(out, node);
  append_big_endian(out, creation, 4);
  for (auto word : words)
    append_big_endian(out, word, 4);
}

} // namespace vigil
