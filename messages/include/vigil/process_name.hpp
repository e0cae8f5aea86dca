#pragma once

#include <vigil/name_char.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vigil {

/// A name under which a process can be registered on its node:
/// `[A-Za-z0-9_-]+`, at most 255 bytes. A default-constructed one is no name.
/// Copies share one immutable text. Names come from peers, so texts are dropped
/// with their last copy and not stored for good like those of nodes.
///
/// Thread-safety: values are immutable and may be copied on any thread.
class process_name {
public:
  /// Longest text of a name, in bytes.
  static constexpr size_t max_length = 255;

  /// No name; compares less than every name.
  process_name() = default;

  /// Returns whether `text` can be a name.
  static constexpr bool is_valid(std::string_view text) noexcept {
    for (auto c : text)
      if (!is_name_char(c))
        return false;
    return !text.empty() && text.size() <= max_length;
  }

  /// Returns nothing if `text` is no valid name.
  static std::optional<process_name> parse(std::string_view text);

  /// Returns the text, empty for no name.
  const std::string& str() const noexcept {
    return text_ ? *text_ : no_text();
  }

  /// Returns whether this is a name.
  explicit operator bool() const noexcept {
    return text_ != nullptr;
  }

  /// Compares texts, and copies of one name without looking at them.
  /// @{
  friend bool operator==(const process_name& x,
                         const process_name& y) noexcept {
    return x.text_ == y.text_ || x.str() == y.str();
  }

  friend bool operator!=(const process_name& x,
                         const process_name& y) noexcept {
    return !(x == y);
  }
  /// @}

  /// Orders names by the bytes of their texts.
  friend bool operator<(const process_name& x, const process_name& y) noexcept {
    return x.str() < y.str();
  }

  template <class H>
  friend H AbslHashValue(H state, const process_name& x) {
    return H::combine(std::move(state), x.str());
  }

private:
  static const std::string& no_text() noexcept;

  /// Null for no name; never an empty text.
  std::shared_ptr<const std::string> text_;
};

/// Prints the text; nothing for no name.
std::string to_string(const process_name& x);

} // namespace vigil

namespace std {

template <>
struct hash<vigil::process_name> {
  size_t operator()(const vigil::process_name& x) const noexcept {
    return hash<string>{}(x.str());
  }
};

} // namespace std
