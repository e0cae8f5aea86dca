#pragma once

#include <vigil/name_char.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vigil {

/// The name of a node, `alive@host`.
///
/// A node name is as cheap to copy, compare and hash as a pointer: every
/// distinct text is stored once per program and, like an Erlang atom, never
/// freed. `max_names` bounds that store. What nodes elsewhere call themselves
/// fills it to `max_learnt_names` only: the rest is for the names that the
/// program itself needs, to dial other nodes for instance.
///
/// Thread-safety: values are immutable; all that is static may be called from
/// any thread.
class node_name {
public:
  /// Longest text of a name, in bytes.
  static constexpr size_t max_length = 255;

  /// How many different names one program can hold.
  static constexpr size_t max_names = 1048576;

  /// How many there may be until `learn` makes no more.
  static constexpr size_t max_learnt_names = max_names / 16 * 15;

  /// The name of no node; compares less than every other name.
  node_name() noexcept = default;

  /// Reads `alive@host`; returns nothing if `text` is something else or if the
  /// store is full. `alive` is of the form `[A-Za-z0-9_-]+` and `host` of the
  /// form `[A-Za-z0-9_.-]+`.
  static std::optional<node_name> parse(std::string_view text);

  /// Does the same for what a node elsewhere calls itself: returns nothing if
  /// the name is new and there are `max_learnt_names`.
  static std::optional<node_name> learn(std::string_view text);

  /// Returns whether `learn` would return a name. Stores nothing.
  static bool can_learn(std::string_view text);

  /// Returns how many names there are in this program.
  static size_t num_names();

  /// Returns whether `text` has the form of a name. Stores nothing.
  static constexpr bool is_valid(std::string_view text) noexcept {
    auto at = text.find('@');
    if (text.size() > max_length || at == 0 || at >= text.size() - 1)
      return false;
    for (auto c : text.substr(0, at))
      if (!is_name_char(c))
        return false;
    for (auto c : text.substr(at + 1))
      if (!is_name_char(c) && c != '.')
        return false;
    return true;
  }

  /// Returns the name that the program has been written with; see
  /// `<vigil/literals.hpp>`. If it is a new one and the store is full, says so
  /// in a line on standard error and aborts.
  /// @pre `is_valid(text)`
  static node_name of_literal(std::string_view text);

  /// Returns the whole name, empty for no node.
  std::string_view str() const noexcept;

  /// Returns what stands before the `@`.
  std::string_view alive() const noexcept;

  /// Returns what stands behind the `@`.
  std::string_view host() const noexcept;

  /// Returns whether this names a node.
  explicit operator bool() const noexcept {
    return text_ != nullptr;
  }

  /// Compares as fast as pointers: equal texts are one.
  /// @{
  friend bool operator==(node_name x, node_name y) noexcept {
    return x.text_ == y.text_;
  }

  friend bool operator!=(node_name x, node_name y) noexcept {
    return x.text_ != y.text_;
  }
  /// @}

  /// Orders names by their text, so that the order is the same on every node.
  friend bool operator<(node_name x, node_name y) noexcept {
    return x.str() < y.str();
  }

  template <class H>
  friend H AbslHashValue(H state, node_name x) {
    return H::combine(std::move(state), x.text_);
  }

private:
  friend struct std::hash<node_name>;

  /// A text, and the hash of it.
  using stored = std::pair<const std::string, size_t>;

  /// Returns nothing if `text` is no name, or a new one and there are `limit`.
  static std::optional<node_name> get(std::string_view text, size_t limit);

  const stored* text_ = nullptr;
};

/// Prints `alive@host`; nothing for no node.
std::string to_string(node_name x);

} // namespace vigil

namespace std {

/// Hashes the text, so that a table of names has the same order in every run.
template <>
struct hash<vigil::node_name> {
  size_t operator()(vigil::node_name x) const noexcept {
    return x.text_ != nullptr ? x.text_->second : 0;
  }
};

} // namespace std
