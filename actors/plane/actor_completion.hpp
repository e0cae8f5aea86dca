#pragma once

#include <vigil/caf.hpp>
#include <vigil/errc.hpp>
#include <vigil/result.hpp>
#include "src/node/completion.hpp"

#include <caf/error.hpp>
#include <caf/typed_response_promise.hpp>

namespace vigil {

/// Returns the failure of a request as actors are told it.
inline caf::error failure_of(const error& why) {
  return why.detail.empty() ? make_error(why.code) : make_error(why);
}

/// Lets those answer a request of an actor who know no actors.
template <class T>
completion<T> completion_of(caf::typed_response_promise<T> promise) {
  return completion<T>{[promise](const result<T>& x) mutable {
    if (x)
      promise.deliver(*x);
    else
      promise.deliver(failure_of(x.failure()));
  }};
}

} // namespace vigil
