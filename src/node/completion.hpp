#pragma once

#include <vigil/result.hpp>

#include <functional>
#include <utility>

namespace vigil {

/// Answers somebody who waits, whoever that is: an actor, a thread, a test.
///
/// Ownership: copies answer the same request; one of them answers. What
/// `answer` holds is let go with the answer, or with the completion.
/// Thread-safety: none; owned by who executes the effects of a core.
template <class T>
class completion {
public:
  /// Answers nobody.
  completion() = default;

  /// Answers with a call of `answer`, which must not throw, nor call whoever
  /// answers.
  explicit completion(std::function<void(const result<T>&)> answer)
    : answer_(std::move(answer)) {
    // nop
  }

  /// Answers with a value, or with the reason why there is none. Only the first
  /// answer counts.
  void deliver(const result<T>& x) {
    if (auto answer = std::exchange(answer_, nullptr))
      answer(x);
  }

private:
  std::function<void(const result<T>&)> answer_;
};

} // namespace vigil
