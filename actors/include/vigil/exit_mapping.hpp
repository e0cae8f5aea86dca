#pragma once

#include <vigil/exit_reason.hpp>

#include <caf/error.hpp>

namespace vigil {

/// Returns the reason that stands for `x`, the error with which an actor ended.
/// Total, and free of numbers that only this program could explain:
///
/// - no error, and CAF's `normal`, become `normal`;
/// - CAF's `kill` becomes `killed`, `user_shutdown` becomes `shutdown`, and
///   `remote_link_unreachable` becomes `noconnection`;
/// - an error made by `to_error` becomes the reason it was made from;
/// - other errors of CAF become the atom that names them, e.g.
///   `unhandled_exception` or `request_timeout`;
/// - an error of a category of the program's own becomes an atom with the name
///   of the category.
exit_reason exit_reason_of(const caf::error& x);

/// Makes the error with which an actor must quit, so that its watchers see
/// exactly this reason.
caf::error to_error(const exit_reason& x);

} // namespace vigil
