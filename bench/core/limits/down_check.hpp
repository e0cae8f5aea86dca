#pragma once

#include <vigil/exit_reason.hpp>
#include <vigil/reference.hpp>

#include <cstddef>
#include <vector>

namespace vigil::bench {

/// Checks that each of some monitors ends in one DOWN, with one reason. What is
/// wrong is a `failure`, which is thrown.
class down_check {
public:
  /// Expects the DOWNs of `count` monitors with consecutive references.
  void expect(reference first, size_t count, const exit_reason& reason);

  /// Takes one of them.
  void take(reference ref, const exit_reason& reason);

  /// None may be missing now.
  void close() const;

private:
  reference first_{};
  exit_reason reason_;
  std::vector<bool> seen_;
  size_t missing_ = 0;
};

} // namespace vigil::bench
