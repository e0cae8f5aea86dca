#pragma once

#include <vigil/caf.hpp>
#include <vigil/errc.hpp>
#include <vigil/result.hpp>
#include "src/node/completion.hpp"

#include <caf/error.hpp>
#include <caf/sec.hpp>
#include <caf/typed_response_promise.hpp>

namespace vigil {

/// Returns the failure of a request as actors are told it.
inline caf::error failure_of(const error& why) {
  return why.detail.empty() ? make_error(why.code) : make_error(why);
}

/// Returns the failure of a request to a control plane by what an actor was
/// told. Any other error than vigil's own means that the control plane has
/// ended, or has not answered in time.
inline error error_of(const caf::error& why) {
  auto other = why == caf::sec::request_timeout ? errc::busy : errc::shutdown;
  return vigil_error(why).value_or(error{other, {}});
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
