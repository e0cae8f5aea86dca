#pragma once

#include <vigil/errc.hpp>
#include <vigil/result.hpp>
#include "tests/core/transcript.hpp"

#include <functional>
#include <string>
#include <utility>

namespace vigil::test {

/// Stands for somebody who waits for an answer: writes it down, a line each,
/// and then does what a test wants.
struct noting_promise {
  std::string who;
  lines* answers;
  std::function<void()> then;

  void deliver(const result<unit>& x) {
    if (x)
      return note("ok");
    const auto& why = x.failure();
    note(std::string{to_string(why.code)}
         + (why.detail.empty() ? "" : " (" + why.detail + ")"));
  }

  void note(const std::string& answer) {
    answers->push_back(who + ' ' + answer);
    if (then)
      then();
  }
};

} // namespace vigil::test
