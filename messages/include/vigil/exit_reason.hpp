#pragma once

#include <vigil/external_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace vigil {

/// Why a process ended: an atom, or any other Erlang term in Erlang's external
/// term format, kept byte for byte.
///
/// An encoded atom equals the atom it encodes. A term of more than `max_size`
/// bytes becomes the atom `system_limit`. An atom of up to `max_inline_size`
/// bytes is held in the value itself, as cheap to copy as two numbers; copies
/// of any other reason share one immutable store, so that it is held once for
/// all watchers of a process. A reason that was moved from can only be assigned
/// to or destroyed.
///
/// Thread-safety: values are immutable and may be copied on any thread.
/// @see Erlang/OTP, "External Term Format"
class exit_reason {
public:
  /// Largest external form that is kept, in bytes, the version byte included.
  static constexpr size_t max_size = 1024 * 1024;

  /// Longest text of an atom, in bytes (255 characters of UTF-8).
  static constexpr size_t max_atom_size = 255 * 4;

  /// Longest text of an atom that needs no store, in bytes.
  static constexpr size_t max_inline_size = 15;

  /// The atom `normal`.
  exit_reason() noexcept : exit_reason(inline_atom{6, "normal"}) {
    // nop
  }

  /// Copies without allocating: an atom in place, or one use more of the store.
  /// @{
  exit_reason(const exit_reason& x) noexcept : value_(x.value_) {
    if (is_shared())
      retain();
  }

  exit_reason& operator=(const exit_reason& x) noexcept {
    // Retained first, because `x` can be this reason.
    if (x.is_shared())
      x.retain();
    if (is_shared())
      release();
    value_ = x.value_;
    return *this;
  }
  /// @}

  /// Takes what `x` holds; `x` may only be assigned to or destroyed then.
  /// @{
  exit_reason(exit_reason&& x) noexcept : value_(x.value_) {
    if (is_shared())
      x.value_.atom = inline_atom{};
  }

  exit_reason& operator=(exit_reason&& x) noexcept {
    auto value = x.value_;
    if (x.is_shared())
      x.value_.atom = inline_atom{};
    if (is_shared())
      release();
    value_ = value;
    return *this;
  }
  /// @}

  ~exit_reason() {
    if (is_shared())
      release();
  }

  /// Returns the atom of this text; nothing if `text` is empty, is not UTF-8,
  /// or has more than 255 characters.
  static std::optional<exit_reason> atom(std::string_view text);

  /// Returns the Erlang binary with these bytes; `system_limit` if it is too
  /// large.
  static exit_reason binary(std::string_view bytes);

  /// Returns the reason with this external form (which starts with the version
  /// byte 131); nothing if `bytes` is not exactly one well-formed term. See
  /// `check_external_term` for the bounds of the check.
  static std::optional<exit_reason> from_external(std::string_view bytes);

  // -- the reasons with a meaning to vigil or to Erlang -----------------------

  /// Nothing went wrong.
  static const exit_reason& normal();
  /// Another has ended the process, which had no say in it.
  static const exit_reason& killed();
  /// The process was told to end, and did.
  static const exit_reason& shutdown();
  /// There was no such process when it was to be monitored.
  static const exit_reason& noproc();
  /// The node of the process cannot be reached: the process may be alive.
  static const exit_reason& noconnection();
  /// Stands for a reason of more than `max_size`.
  static const exit_reason& system_limit();

  // -- properties -------------------------------------------------------------

  /// Returns whether this is an atom, be it made from a text or from its
  /// external form.
  bool is_atom() const noexcept;

  /// Returns the text of the atom, empty for any other term. It may lie within
  /// this very value, and is gone with it.
  std::string_view atom_text() const noexcept;

  /// Returns a copy of the external form, version byte included. Atoms are
  /// encoded as SMALL_ATOM_UTF8_EXT or ATOM_UTF8_EXT.
  std::string external() const;

  /// Returns the same bytes, to be looked at, in a time that does not depend on
  /// their number. They are there as long as the returned value and a copy of
  /// this reason are.
  external_bytes external_view() const& noexcept;

  external_bytes external_view() const&& = delete;

  /// Returns the size of the external form in bytes.
  size_t external_size() const noexcept;

  /// Returns whether this and `x` are copies of one reason: then they are
  /// equal, and telling so takes no time, whatever their size.
  bool same_as(const exit_reason& x) const noexcept {
    return is_shared() && x.is_shared()
             ? value_.shared.where == x.value_.shared.where
             : *this == x;
  }

  /// Compares pointers first: copies of one reason are equal at once. Others
  /// are compared byte for byte: terms that Erlang finds equal may differ.
  /// @{
  friend bool operator==(const exit_reason& x, const exit_reason& y) noexcept {
    // An atom that fits is never shared.
    if (x.is_shared() || y.is_shared())
      return x.is_shared() && y.is_shared() && x.same_content(y);
    return std::memcmp(&x.value_.atom, &y.value_.atom, sizeof(inline_atom))
           == 0;
  }

  friend bool operator!=(const exit_reason& x, const exit_reason& y) noexcept {
    return !(x == y);
  }
  /// @}

private:
  friend std::optional<exit_reason> parse_exit_reason(std::string_view text);

  struct content;

  /// An atom in place: its size, and its text with zeros behind it, so that
  /// equal atoms are equal bytes.
  struct inline_atom {
    uint8_t size;
    char text[max_inline_size];
  };

  /// Anything else. In the place of a size, a number that is none.
  struct shared_term {
    uint8_t mark;
    const content* where;
  };

  static constexpr uint8_t shared_mark = max_inline_size + 1;

  /// Both start with the same byte, which tells them apart whichever of them it
  /// is: they have a common initial sequence.
  union store {
    inline_atom atom;
    shared_term shared;
  };

  explicit exit_reason(const inline_atom& x) noexcept : value_{x} {
    // nop
  }

  /// Like `atom`, but allows the empty atom, which exists in Erlang.
  static std::optional<exit_reason> any_atom(std::string_view text);

  /// Keeps an external form; `text_start` is where it has the text of an atom,
  /// 0 for any other term.
  static exit_reason share(std::string external, size_t text_start);

  /// @pre `text.size() <= max_inline_size`
  static exit_reason hold(std::string_view text) noexcept;

  bool is_shared() const noexcept {
    return value_.atom.size == shared_mark;
  }

  /// @pre `is_shared()`; the same for the next two
  void retain() const noexcept;

  void release() const noexcept;

  bool same_content(const exit_reason& x) const noexcept;

  store value_;
};

static_assert(sizeof(exit_reason) == 16);

/// Prints a reason on one line:
/// - an atom as it is, also with spaces inside (`normal`, `Alles gut`), where
///   Erlang, and this library within other terms, has quotes. In single quotes,
///   with the same escapes as there, if it could be mistaken for something
///   else: if it is empty, starts or ends with a blank, holds a control
///   character, or starts with one of `{ [ < # " '`, a digit, a minus and a
///   digit, or `fun` and a blank;
/// - a binary that is UTF-8 without control characters other than newlines as a
///   text in double quotes, with `\"`, `\\` and `\n` escaped, however long;
/// - any other term as `print_external_term` does. A list of printable
///   characters is in double quotes then too, as in Erlang, so that only
///   `external` tells it from a text.
///
/// The escapes are Erlang's: `\'` or `\"`, whichever encloses, `\\`, a letter
/// for a control character that has one, such as `\n`, and three octal digits
/// for any other, such as `\037`.
///
/// What is printed for an atom or a text, `parse_exit_reason` reads back.
std::string to_string(const exit_reason& x);

/// Reads an atom or a text in double quotes, as printed by `to_string`; nothing
/// for any other text. Within quotes a character may be escaped that need not
/// be, also by its code, `\x{1F}`. A text that is too large becomes
/// `system_limit`, see `exit_reason::binary`.
std::optional<exit_reason> parse_exit_reason(std::string_view text);

} // namespace vigil
