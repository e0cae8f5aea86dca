#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vigil {

/// Why a process ended: an atom, or any other Erlang term in Erlang's external
/// term format, kept byte for byte.
///
/// An encoded atom equals the atom it encodes. A term of more than `max_size`
/// bytes becomes the atom `system_limit`. Copies share one immutable store, so
/// that a reason is held once for all watchers of a process. A reason that was
/// moved from can only be assigned to or destroyed.
///
/// Thread-safety: values are immutable and may be copied on any thread.
/// @see Erlang/OTP, "External Term Format"
class exit_reason {
public:
  /// Largest external form that is kept, in bytes, the version byte included.
  static constexpr size_t max_size = 1024 * 1024;

  /// Longest text of an atom, in bytes (255 characters of UTF-8).
  static constexpr size_t max_atom_size = 255 * 4;

  /// The atom `normal`.
  exit_reason();

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

  static const exit_reason& normal();
  static const exit_reason& killed();
  static const exit_reason& shutdown();
  static const exit_reason& noproc();
  static const exit_reason& noconnection();
  static const exit_reason& system_limit();

  // -- properties -------------------------------------------------------------

  bool is_atom() const noexcept;

  /// Returns the text of the atom, empty for any other term.
  std::string_view atom_text() const noexcept;

  /// Returns the external form, version byte included. Atoms are encoded as
  /// SMALL_ATOM_UTF8_EXT or ATOM_UTF8_EXT.
  std::string external() const;

  /// Compares pointers first: copies of one reason are equal at once.
  friend bool operator==(const exit_reason& x, const exit_reason& y) noexcept;

  friend bool operator!=(const exit_reason& x, const exit_reason& y) noexcept {
    return !(x == y);
  }

private:
  friend std::optional<exit_reason> parse_exit_reason(std::string_view text);

  struct content;

  /// Like `atom`, but allows the empty atom, which exists in Erlang.
  static std::optional<exit_reason> any_atom(std::string_view text);

  explicit exit_reason(std::shared_ptr<const content> ptr) noexcept;

  /// Never null, except after a move from this reason.
  std::shared_ptr<const content> content_;
};

/// Prints a reason on one line:
/// - an atom as it is, also with spaces inside (`normal`, `Alles gut`). In
///   single quotes, with `\'`, `\\`, `\n` and `\x{HEX}` escaped, if it could be
///   mistaken for something else: if it is empty, starts or ends with a blank,
///   holds a control character, or starts with one of `{ [ < # " '`, a digit, a
///   minus and a digit, or `fun` and a blank;
/// - a binary that is UTF-8 without control characters other than newlines as a
///   text in double quotes, with `\"`, `\\` and `\n` escaped, however long;
/// - any other term as `print_external_term` does. A list of printable
///   characters is in double quotes then too, as in Erlang, so that only
///   `external` tells it from a text.
///
/// What is printed for an atom or a text, `parse_exit_reason` reads back.
std::string to_string(const exit_reason& x);

/// Reads an atom or a text in double quotes, as printed by `to_string`; nothing
/// for any other text. A text that is too large becomes `system_limit`, see
/// `exit_reason::binary`.
std::optional<exit_reason> parse_exit_reason(std::string_view text);

} // namespace vigil
