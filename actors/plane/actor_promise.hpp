#pragma once

#include <vigil/caf.hpp>
#include <vigil/errc.hpp>

#include <caf/result.hpp>
#include <caf/typed_response_promise.hpp>

#include <utility>

namespace vigil {

/// Answers a request of an actor later, as those want it who know no actors:
/// with a value, or with the reason why there is none.
template <class T>
struct actor_promise {
  caf::typed_response_promise<T> promise;

  void deliver(const T& x) {
    promise.deliver(x);
  }

  void deliver(errc why) {
    promise.deliver(make_error(why));
  }

  void deliver(const error& why) {
    promise.deliver(make_error(why));
  }

  /// Answers with what the handler of the request would have returned at once.
  /// @pre not itself a promise, nor anything else that is answered later
  void deliver(caf::result<T> x) {
    if (x.flag == caf::rt_value)
      promise.deliver(x.value.template get_as<T>(0));
    else
      promise.deliver(std::move(x.err));
  }
};

} // namespace vigil
