#pragma once

#include <vigil/errc.hpp>

#include <utility>
#include <variant>

namespace vigil {

/// Stands for "nothing to return" in a `result`.
struct unit {};

namespace detail {

/// Says on standard error, in one line, that an error was taken for a value,
/// which error and where, then aborts. Without a file the place is that of the
/// call, as an address within the program that `addr2line` reads.
[[noreturn]] void no_value(const error& why, const char* file,
                           int line) noexcept;

/// An error that says that nothing is wrong.
const error& no_error() noexcept;

} // namespace detail

/// Either a value or the reason why there is none. Values in the C++17 that
/// vigil is written in; `std::expected` takes its place one day.
///
/// Whoever takes the value of an error ends the program, in every kind of
/// build, with one line on standard error that says which error and where.
///
/// @tparam T the type of the value; `unit` where the success says it all, and a
///           failure has more to say than its code
template <class T>
class [[nodiscard]] result {
public:
  // Implicit, so that `return value;` and `return errc::busy;` work.
  /// Holds a value.
  // NOLINTNEXTLINE(google-explicit-constructor)
  result(T value) : content_(std::in_place_index<0>, std::move(value)) {
    // nop
  }

  /// Holds an error.
  // NOLINTNEXTLINE(google-explicit-constructor)
  result(error reason) : content_(std::in_place_index<1>, std::move(reason)) {
    // nop
  }

  /// Holds an error without particulars.
  // NOLINTNEXTLINE(google-explicit-constructor)
  result(errc code) : content_(std::in_place_index<1>, error{code, {}}) {
    // nop
  }

  /// Returns whether there is a value.
  bool has_value() const noexcept {
    return content_.index() == 0;
  }

  /// Returns whether there is a value.
  explicit operator bool() const noexcept {
    return has_value();
  }

  /// Returns the value, or aborts and names the line that has asked.
  /// `file` and `line` are the compiler's to fill in.
  const T& value(const char* file = __builtin_FILE(),
                 int line = __builtin_LINE()) const& noexcept {
    check(file, line);
    return *std::get_if<0>(&content_);
  }

  /// Does the same.
  T& value(const char* file = __builtin_FILE(),
           int line = __builtin_LINE()) & noexcept {
    check(file, line);
    return *std::get_if<0>(&content_);
  }

  /// Does the same for a result that is about to go: its value is moved out, so
  /// that `auto node = node::start(config).value();` works.
  T value(const char* file = __builtin_FILE(), int line = __builtin_LINE()) && {
    check(file, line);
    return std::move(*std::get_if<0>(&content_));
  }

  /// Returns the value, or aborts and says where in the program.
  [[gnu::always_inline]] const T& operator*() const noexcept {
    check(nullptr, 0);
    return *std::get_if<0>(&content_);
  }

  /// Does the same.
  [[gnu::always_inline]] T& operator*() noexcept {
    check(nullptr, 0);
    return *std::get_if<0>(&content_);
  }

  /// Gives access to the value, or aborts and says where in the program.
  [[gnu::always_inline]] const T* operator->() const noexcept {
    check(nullptr, 0);
    return std::get_if<0>(&content_);
  }

  /// Does the same.
  [[gnu::always_inline]] T* operator->() noexcept {
    check(nullptr, 0);
    return std::get_if<0>(&content_);
  }

  /// Returns what is wrong; an error with the code `none` if nothing is.
  const error& failure() const noexcept {
    auto why = std::get_if<1>(&content_);
    return why != nullptr ? *why : detail::no_error();
  }

  /// Returns the code of `failure`.
  errc code() const noexcept {
    return failure().code;
  }

private:
  // Inlined always, so that the address which the failing call returns to is
  // the caller's also where nothing is optimized.
  [[gnu::always_inline]] void check(const char* file, int line) const noexcept {
    if (!has_value())
      detail::no_value(*std::get_if<1>(&content_), file, line);
  }

  std::variant<T, error> content_;
};

} // namespace vigil
