#pragma once

#include "messages/term/tag.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vigil {

/// Reads the parts of terms front to back, never beyond the end. The first
/// failure sticks: whatever is read after it is zero or empty.
class term_reader {
public:
  explicit term_reader(std::string_view bytes) noexcept : rest_(bytes) {
    // nop
  }

  bool failed() const noexcept {
    return failed_;
  }

  /// Returns what is not read yet; nothing after a failure.
  std::string_view rest() const noexcept {
    return rest_;
  }

  void fail() noexcept {
    failed_ = true;
    rest_ = {};
  }

  std::string_view read_bytes(size_t size) noexcept {
    if (size > rest_.size()) {
      fail();
      return {};
    }
    auto result = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return result;
  }

  /// Reads a big-endian number of `size` bytes.
  uint64_t read_number(size_t size) noexcept {
    uint64_t result = 0;
    for (auto byte : read_bytes(size))
      result = (result << 8) | static_cast<uint8_t>(byte);
    return result;
  }

  /// Reads a number of elements or bytes, which the format never gives more
  /// than four bytes.
  size_t read_size(size_t size) noexcept {
    static_assert(sizeof(size_t) >= 4);
    return static_cast<size_t>(read_number(size));
  }

  term_tag read_tag() noexcept {
    return static_cast<term_tag>(read_number(1));
  }

private:
  std::string_view rest_;
  bool failed_ = false;
};

// Each of the following reads what stands behind a tag, and makes the reader
// fail if it is not what the format allows.

/// An atom as it is encoded.
struct atom_term {
  std::string_view bytes;
  bool latin1 = false;
};

/// @pre `is_atom_tag(tag)`
atom_term read_atom(term_reader& in, term_tag tag) noexcept;

/// Reads the tag, too; fails if it is none of an atom.
atom_term read_atom(term_reader& in) noexcept;

/// Returns the text in UTF-8.
std::string text_of(const atom_term& x);

double read_float(term_reader& in, term_tag tag) noexcept;

/// A binary whose last byte counts for `last_bits` bits only, 1 to 8; 0 if it
/// is empty.
struct bits_term {
  std::string_view bytes;
  unsigned last_bits = 0;
};

/// @pre `tag` is `binary` or `bit_binary`
bits_term read_bits(term_reader& in, term_tag tag) noexcept;

/// An integer of any size: its digits to the base 256, lowest first.
struct big_term {
  std::string_view digits;
  bool negative = false;
};

/// @pre `tag` is `small_big` or `large_big`
big_term read_big(term_reader& in, term_tag tag) noexcept;

/// Reads an integer of at most 32 bits with its tag.
int32_t read_small_integer(term_reader& in) noexcept;

/// @pre `tag` is `small_integer` or `integer`
int32_t read_small_integer(term_reader& in, term_tag tag) noexcept;

/// A pid, port or reference: its node, and its numbers as they are encoded.
struct identifier_term {
  atom_term node;
  /// Big-endian numbers of `width` bytes each.
  std::string_view numbers;
  size_t width = 4;
};

/// @pre `tag` is one of a pid, port or reference
identifier_term read_identifier(term_reader& in, term_tag tag) noexcept;

/// What precedes the free variables of a fun.
struct fun_term {
  /// How many bytes of the reader are left when the fun ends.
  size_t left_at_end = 0;
  atom_term module;
  int32_t index = 0;
  int32_t unique = 0;
  uint64_t free_variables = 0;
};

fun_term read_fun(term_reader& in) noexcept;

struct export_term {
  atom_term module;
  atom_term function;
  int32_t arity = 0;
};

export_term read_export(term_reader& in) noexcept;

// What follows reads a whole external form, the version byte included.

/// Returns a reader behind the version byte; it has failed if there is none.
term_reader open_term(std::string_view bytes) noexcept;

/// Returns the UTF-8 text of the atom that `bytes` encodes (Latin-1 atoms are
/// converted); nothing if it is another term.
/// @pre `check_external_term(bytes)`
std::optional<std::string> external_atom(std::string_view bytes);

/// Returns the contents of the binary that `bytes` encodes; nothing if it is
/// another term.
/// @pre `check_external_term(bytes)`
std::optional<std::string_view> external_binary(std::string_view bytes);

} // namespace vigil
