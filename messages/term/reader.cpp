#include "messages/term/reader.hpp"

#include "messages/term/text.hpp"
#include "messages/text/utf8.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <system_error>

namespace vigil {

namespace {

/// Most numbers in a reference.
constexpr size_t max_reference_words = 5;

double read_new_float(term_reader& in) noexcept {
  auto bits = in.read_number(8);
  double result;
  std::memcpy(&result, &bits, sizeof(result));
  if (!std::isfinite(result))
    in.fail();
  return result;
}

/// Reads the decimal text of C's `%.20e`, filled up with zero bytes.
double read_old_float(term_reader& in) noexcept {
  constexpr size_t field_size = 31;
  auto field = in.read_bytes(field_size);
  auto text = field.substr(0, field.find('\0'));
  if (field.find_first_not_of('\0', text.size()) != std::string_view::npos)
    in.fail();
  double result = 0;
  auto last = text.data() + text.size();
  auto [end, failure] = std::from_chars(text.data(), last, result);
  if (failure != std::errc{} || end != last || !std::isfinite(result))
    in.fail();
  return result;
}

/// Returns how many bytes the creation of an identifier takes.
size_t creation_size(term_tag tag) noexcept {
  switch (tag) {
    case term_tag::old_pid:
    case term_tag::old_port:
    case term_tag::old_reference:
    case term_tag::new_reference:
      return 1;
    default:
      return 4;
  }
}

/// Returns how many bytes the numbers of a pid or port take.
size_t numbers_size(term_tag tag) noexcept {
  return is_pid_tag(tag) || tag == term_tag::v4_port ? 8 : 4;
}

} // namespace

atom_term read_atom(term_reader& in, term_tag tag) noexcept {
  auto wide = tag == term_tag::atom || tag == term_tag::atom_utf8;
  auto latin1 = tag == term_tag::atom || tag == term_tag::small_atom;
  auto bytes = in.read_bytes(in.read_size(wide ? 2 : 1));
  if (latin1 ? bytes.size() > max_atom_chars : !is_atom_text(bytes))
    in.fail();
  return {bytes, latin1};
}

atom_term read_atom(term_reader& in) noexcept {
  auto tag = in.read_tag();
  if (is_atom_tag(tag))
    return read_atom(in, tag);
  in.fail();
  return {};
}

std::string text_of(const atom_term& x) {
  if (!x.latin1)
    return std::string{x.bytes};
  std::string result;
  for (auto byte : x.bytes)
    append_char(result, static_cast<uint8_t>(byte));
  return result;
}

double read_float(term_reader& in, term_tag tag) noexcept {
  return tag == term_tag::new_float ? read_new_float(in) : read_old_float(in);
}

bits_term read_bits(term_reader& in, term_tag tag) noexcept {
  auto size = in.read_size(4);
  auto last_bits = size > 0 ? 8U : 0U;
  if (tag == term_tag::bit_binary)
    last_bits = static_cast<unsigned>(in.read_number(1));
  if (last_bits > 8 || (last_bits == 0) != (size == 0))
    in.fail();
  return {in.read_bytes(size), last_bits};
}

big_term read_big(term_reader& in, term_tag tag) noexcept {
  auto size = in.read_size(tag == term_tag::large_big ? 4 : 1);
  auto sign = in.read_number(1);
  if (sign > 1)
    in.fail();
  return {in.read_bytes(size), sign == 1};
}

int32_t read_small_integer(term_reader& in) noexcept {
  auto tag = in.read_tag();
  if (tag != term_tag::small_integer && tag != term_tag::integer)
    in.fail();
  return read_small_integer(in, tag);
}

int32_t read_small_integer(term_reader& in, term_tag tag) noexcept {
  auto bits = in.read_number(tag == term_tag::integer ? 4 : 1);
  return static_cast<int32_t>(static_cast<uint32_t>(bits));
}

identifier_term read_identifier(term_reader& in, term_tag tag) noexcept {
  identifier_term result;
  // Only these references have their numbers last, and any amount of them.
  if (tag == term_tag::new_reference || tag == term_tag::newer_reference) {
    auto words = in.read_size(2);
    if (words == 0 || words > max_reference_words)
      in.fail();
    result.node = read_atom(in);
    in.read_bytes(creation_size(tag));
    result.numbers = in.read_bytes(4 * words);
    return result;
  }
  result.node = read_atom(in);
  result.numbers = in.read_bytes(numbers_size(tag));
  result.width = tag == term_tag::v4_port ? 8 : 4;
  in.read_bytes(creation_size(tag));
  return result;
}

fun_term read_fun(term_reader& in) noexcept {
  fun_term result;
  auto left = in.rest().size();
  auto size = in.read_size(4);
  if (size > left)
    in.fail();
  result.left_at_end = left - size;
  // Arity, the unique bytes, and the index again.
  in.read_bytes(1 + 16 + 4);
  result.free_variables = in.read_number(4);
  result.module = read_atom(in);
  result.index = read_small_integer(in);
  result.unique = read_small_integer(in);
  auto pid_tag = in.read_tag();
  if (is_pid_tag(pid_tag))
    read_identifier(in, pid_tag);
  else
    in.fail();
  return result;
}

export_term read_export(term_reader& in) noexcept {
  export_term result;
  result.module = read_atom(in);
  result.function = read_atom(in);
  if (in.read_tag() != term_tag::small_integer)
    in.fail();
  result.arity = read_small_integer(in, term_tag::small_integer);
  return result;
}

term_reader open_term(std::string_view bytes) noexcept {
  term_reader in{bytes};
  if (in.read_number(1) != external_version)
    in.fail();
  return in;
}

std::optional<std::string> external_atom(std::string_view bytes) {
  auto in = open_term(bytes);
  auto tag = in.read_tag();
  if (!is_atom_tag(tag))
    return std::nullopt;
  return text_of(read_atom(in, tag));
}

std::optional<std::string_view> external_binary(std::string_view bytes) {
  auto in = open_term(bytes);
  auto tag = in.read_tag();
  if (tag != term_tag::binary && tag != term_tag::bit_binary)
    return std::nullopt;
  auto bits = read_bits(in, tag);
  if (bits.last_bits % 8 != 0)
    return std::nullopt;
  return bits.bytes;
}

} // namespace vigil
