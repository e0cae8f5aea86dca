#include "messages/term/check.hpp"

#include "messages/term/reader.hpp"

#include <cstdint>
#include <vector>

namespace vigil {

namespace {

/// What a term consists of besides the bytes that are read with its tag.
struct inner_terms {
  uint64_t count = 0;
  /// How many bytes are left when the last of them ends; checked if `exact`.
  size_t left_at_end = 0;
  bool exact = false;
};

inner_terms read_collection(term_reader& in, term_tag tag) noexcept {
  auto size = in.read_number(tag == term_tag::small_tuple ? 1 : 4);
  // The tail of a list follows its elements.
  if (tag == term_tag::list)
    return {size + 1};
  return {tag == term_tag::map ? 2 * size : size};
}

inner_terms read_fun_head(term_reader& in) noexcept {
  auto fun = read_fun(in);
  if (fun.free_variables == 0 && in.rest().size() != fun.left_at_end)
    in.fail();
  return {fun.free_variables, fun.left_at_end, true};
}

/// Reads a term up to the terms in it.
inner_terms read_head(term_reader& in) noexcept {
  auto tag = in.read_tag();
  switch (tag) {
    case term_tag::new_float:
    case term_tag::old_float:
      read_float(in, tag);
      return {};
    case term_tag::small_integer:
    case term_tag::integer:
      read_small_integer(in, tag);
      return {};
    case term_tag::small_big:
    case term_tag::large_big:
      read_big(in, tag);
      return {};
    case term_tag::atom:
    case term_tag::small_atom:
    case term_tag::atom_utf8:
    case term_tag::small_atom_utf8:
      read_atom(in, tag);
      return {};
    case term_tag::old_pid:
    case term_tag::new_pid:
    case term_tag::old_port:
    case term_tag::new_port:
    case term_tag::v4_port:
    case term_tag::old_reference:
    case term_tag::new_reference:
    case term_tag::newer_reference:
      read_identifier(in, tag);
      return {};
    case term_tag::binary:
    case term_tag::bit_binary:
      read_bits(in, tag);
      return {};
    case term_tag::string:
      in.read_bytes(in.read_size(2));
      return {};
    case term_tag::nil:
      return {};
    case term_tag::small_tuple:
    case term_tag::large_tuple:
    case term_tag::list:
    case term_tag::map:
      return read_collection(in, tag);
    case term_tag::new_fun:
      return read_fun_head(in);
    case term_tag::export_fun:
      read_export(in);
      return {};
  }
  in.fail();
  return {};
}

} // namespace

void skip_term(term_reader& in) {
  // The terms that are open, outermost first; each still waits for `count`.
  std::vector<inner_terms> open;
  do {
    auto inner = read_head(in);
    if (inner.count > 0) {
      if (open.size() == max_term_depth)
        return in.fail();
      open.push_back(inner);
      continue;
    }
    while (!open.empty() && --open.back().count == 0) {
      auto closed = open.back();
      open.pop_back();
      if (closed.exact && closed.left_at_end != in.rest().size())
        return in.fail();
    }
  } while (!open.empty() && !in.failed());
}

bool check_external_term(std::string_view bytes) {
  auto in = open_term(bytes);
  skip_term(in);
  return !in.failed() && in.rest().empty();
}

} // namespace vigil
