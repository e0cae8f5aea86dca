#pragma once

// What a run of a test finds, as those say it who read it.

#include <vigil/testkit.hpp>

#include <doctest/doctest.h>

#include <string>

namespace vigil::test {

/// Returns what is found in a run of one seed; empty if nothing is.
template <class F>
std::string finding(F body) {
  try {
    testkit::run(body);
  } catch (const testkit::failure& x) {
    return x.what();
  }
  return {};
}

/// Checks that `text` is a part of what was found.
inline bool says(const std::string& found, const std::string& text) {
  INFO(found);
  auto result = found.find(text) != std::string::npos;
  CHECK(result);
  return result;
}

} // namespace vigil::test
