#pragma once

// How the actor framework carries what the actors of one node tell each other,
// and vigil's errors. Bound to a version of CAF (0.17.x).

#include <vigil/errc.hpp>
#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/requests.hpp>
#include <vigil/result.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/make_message.hpp>
#include <caf/message.hpp>

#include <optional>
#include <string>

namespace vigil {

/// The category of vigil's errors; the code is an `errc`. Atoms are bound to
/// this version of CAF: ten characters at most.
inline constexpr caf::atom_value error_category = caf::atom("vigil");

/// Makes an error of the category `vigil`. Found by CAF where an `errc` is
/// returned in place of an error.
inline caf::error make_error(errc code) {
  return {static_cast<uint8_t>(code), error_category};
}

/// Makes an error that also carries the detail.
inline caf::error make_error(const error& x) {
  return {static_cast<uint8_t>(x.code), error_category,
          caf::make_message(x.detail)};
}

/// Returns the code and detail that `make_error` has put in; nothing for an
/// error of another category.
inline std::optional<error> vigil_error(const caf::error& x) {
  // An error that says nothing has no category either.
  if (!x || x.category() != error_category)
    return std::nullopt;
  error result{static_cast<errc>(x.code()), {}};
  if (x.context().match_elements<std::string>())
    result.detail = x.context().get_as<std::string>(0);
  return result;
}

} // namespace vigil

// Requests and notifications stay within a node. They cannot be serialized at
// all, so no peer can send one, whichever actor it may reach.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::monitor_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::demonitor_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::exit_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::subscribe_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::unsubscribe_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::connect_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::disconnect_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::sync_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::monitors_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::monitor_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::monitored_by_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::watcher_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::nodes_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::node_list)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::statistics_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::statistics)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::down)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::down_batch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::node_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::pid)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::unit)
