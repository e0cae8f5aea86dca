#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vigil {

/// A name under which a process can be registered on its node:
/// `[A-Za-z0-9_-]+`, at most 255 bytes. A default-constructed one is no name.
class process_name {
public:
  static constexpr size_t max_length = 255;

  process_name() = default;

  /// Returns nothing if `text` is no valid name.
  static std::optional<process_name> parse(std::string_view text);

  const std::string& str() const noexcept {
    return text_;
  }

  explicit operator bool() const noexcept {
    return !text_.empty();
  }

  friend bool operator==(const process_name& x,
                         const process_name& y) noexcept {
    return x.text_ == y.text_;
  }

  friend bool operator!=(const process_name& x,
                         const process_name& y) noexcept {
    return x.text_ != y.text_;
  }

  friend bool operator<(const process_name& x, const process_name& y) noexcept {
    return x.text_ < y.text_;
  }

  template <class H>
  friend H AbslHashValue(H state, const process_name& x) {
    return H::combine(std::move(state), x.text_);
  }

private:
  std::string text_;
};

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
