#pragma once

#include <vigil/node_name.hpp>
#include <vigil/process_name.hpp>

#include <cstddef>
#include <string_view>

namespace vigil {

// The text of a literal as an argument of templates. C++17 has no such thing;
// as an extension, GCC and Clang hand over the characters.
#if __cplusplus >= 202002L

/// @private
template <size_t Size>
struct literal_array {
  // Implicit, because a literal becomes one.
  // NOLINTNEXTLINE(google-explicit-constructor)
  constexpr literal_array(const char (&text)[Size]) noexcept {
    for (size_t i = 0; i < Size; ++i)
      chars[i] = text[i];
  }

  char chars[Size] = {};
};

/// @private
template <literal_array Chars>
struct literal_text {
  static constexpr std::string_view value{Chars.chars, sizeof(Chars.chars) - 1};
};

#else

/// @private
template <char... Chars>
struct literal_text {
  static constexpr char chars[] = {Chars..., '\0'};
  static constexpr std::string_view value{chars, sizeof...(Chars)};
};

#endif

// Hidden: otherwise two shared objects that each hold vigil, and so a store of
// names each, would have one literal between them.

/// @private
template <class Text>
[[gnu::visibility("hidden")]] node_name node_literal() {
  static_assert(node_name::is_valid(Text::value),
                "the name of a node is alive@host: letters, digits, _ and - "
                "before the @, and behind it dots, too; at most 255 bytes");
  static const auto result = node_name::of_literal(Text::value);
  return result;
}

/// @private
template <class Text>
[[gnu::visibility("hidden")]] const process_name& process_literal() {
  static_assert(process_name::is_valid(Text::value),
                "the name of a process is letters, digits, _ and -, at least "
                "one and at most 255");
  // Never destroyed: names may be read until the program is gone.
  static const auto& result
    = *new process_name(*process_name::parse(Text::value));
  return result;
}

/// Names that a program knows when it is compiled: `"a@localhost"_node`,
/// `"db"_process`. A literal that is no name does not compile. Each is made
/// once, when it is met first, on whichever thread.
///
/// A literal takes GCC or Clang: in C++17 it is an extension of theirs.
inline namespace literals {

#if __cplusplus >= 202002L

/// Returns the name of a node. If the program has `node_name::max_names` others
/// already, it ends with a line on standard error.
template <literal_array Chars>
[[gnu::visibility("hidden")]] node_name operator""_node() {
  return node_literal<literal_text<Chars>>();
}

/// Returns the name of a process, for the rest of the program.
template <literal_array Chars>
[[gnu::visibility("hidden")]] const process_name& operator""_process() {
  return process_literal<literal_text<Chars>>();
}

#else

#  pragma GCC diagnostic push
#  ifdef __clang__
#    pragma GCC diagnostic ignored "-Wgnu-string-literal-operator-template"
#  else
#    pragma GCC diagnostic ignored "-Wpedantic"
#  endif

/// Returns the name of a node. If the program has `node_name::max_names` others
/// already, it ends with a line on standard error.
template <class Char, Char... Chars>
[[gnu::visibility("hidden")]] node_name operator""_node() {
  return node_literal<literal_text<Chars...>>();
}

/// Returns the name of a process, for the rest of the program.
template <class Char, Char... Chars>
[[gnu::visibility("hidden")]] const process_name& operator""_process() {
  return process_literal<literal_text<Chars...>>();
}

#  pragma GCC diagnostic pop

#endif

} // namespace literals

} // namespace vigil
