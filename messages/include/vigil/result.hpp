#pragma once

#include <vigil/errc.hpp>

#include <cassert>
#include <utility>
#include <variant>

namespace vigil {

/// Stands for "nothing to return" in a `result`.
struct unit {};

/// Either a value or the reason why there is none. Values in the C++17 that
/// vigil is written in; `std::expected` takes its place one day.
template <class T>
class [[nodiscard]] result {
public:
  // Implicit, so that `return value;` and `return errc::busy;` work.
  // NOLINTNEXTLINE(google-explicit-constructor)
  result(T value) : content_(std::in_place_index<0>, std::move(value)) {
    // nop
  }

  // NOLINTNEXTLINE(google-explicit-constructor)
  result(error reason) : content_(std::in_place_index<1>, std::move(reason)) {
    // nop
  }

  // NOLINTNEXTLINE(google-explicit-constructor)
  result(errc code) : content_(std::in_place_index<1>, error{code, {}}) {
    // nop
  }

  bool has_value() const noexcept {
    return content_.index() == 0;
  }

  explicit operator bool() const noexcept {
    return has_value();
  }

  /// @pre `has_value()`
  const T& operator*() const noexcept {
    assert(has_value());
    return *std::get_if<0>(&content_);
  }

  /// @pre `has_value()`
  T& operator*() noexcept {
    assert(has_value());
    return *std::get_if<0>(&content_);
  }

  /// @pre `has_value()`
  const T* operator->() const noexcept {
    return std::get_if<0>(&content_);
  }

  /// @pre `has_value()`
  T* operator->() noexcept {
    return std::get_if<0>(&content_);
  }

  /// @pre `!has_value()`
  const vigil::error& failure() const noexcept {
    assert(!has_value());
    return *std::get_if<1>(&content_);
  }

private:
  std::variant<T, vigil::error> content_;
};

} // namespace vigil
