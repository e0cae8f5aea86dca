#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

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

  term_tag read_tag() noexcept {
    return static_cast<term_tag>(read_number(1));
  }

private:
  std::string_view rest_;
  bool failed_ = false;
};

// Each of the following reads what stands behind a tag, and makes the reader
// fail if it is not what the format allows.

/// Returns whether `tag` is one of the four tags of atoms.
bool is_atom_tag(term_tag tag) noexcept;

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

bool is_pid_tag(term_tag tag) noexcept;
bool is_port_tag(term_tag tag) noexcept;
bool is_reference_tag(term_tag tag) noexcept;

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

/// Reads one term, its tag and everything in it included, within the bounds of
/// `check_external_term`.
void skip_term(term_reader& in);

} // namespace vigil
