#pragma once

#include <vigil/caf.hpp>
#include <vigil/notices.hpp>
#include <vigil/reference.hpp>
#include <vigil/requests.hpp>
#include <vigil/result.hpp>

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <utility>

namespace vigil {

/// The typed messages that the actors of a node may send to its control plane.
using control_plane_interface
  = caf::typed_actor<caf::replies_to<monitor_request>::with<reference>,
                     caf::replies_to<demonitor_request>::with<bool>,
                     caf::replies_to<exit_report>::with<unit>,
                     caf::replies_to<subscribe_request>::with<unit>,
                     caf::replies_to<unsubscribe_request>::with<unit>,
                     caf::replies_to<connect_request>::with<unit>,
                     caf::replies_to<disconnect_request>::with<unit>,
                     caf::replies_to<sync_request>::with<unit>,
                     caf::replies_to<monitors_request>::with<monitor_list>,
                     caf::replies_to<monitored_by_request>::with<watcher_list>,
                     caf::replies_to<nodes_request>::with<node_list>,
                     caf::replies_to<statistics_request>::with<statistics>>;

/// The control plane of a node, for CAF actors: `self->request(plane, ...)`
/// with the messages of `<vigil/requests.hpp>`, from an actor of the node's
/// actor system or a `caf::scoped_actor` of that.
///
/// Requests, what they answer, and when:
///
/// - `monitor_request`: a `reference`, as soon as there is room for it at the
///   object's node, and before its DOWN
/// - `demonitor_request`: a `bool`, whether a live monitor was removed, in its
///   turn; a DOWN that was delivered is in the mailbox before the answer
/// - `exit_report`: `unit`, in its turn
/// - `subscribe_request`: `unit`, at once, after a `node_event` for each node
///   that is up
/// - `unsubscribe_request`: `unit`, at once; no `node_event` comes after it
/// - `connect_request`: `unit` when the session is up, or why it is not
/// - `disconnect_request`: `unit` when it is down and its DOWNs are delivered
/// - `sync_request`: `unit` when the peer has applied all that was asked of it
///   before
/// - `monitors_request`: a `monitor_list`, in its turn
/// - `monitored_by_request`: a `watcher_list`, in its turn
/// - `statistics_request`: the `statistics`, in its turn
/// - `nodes_request`: a `node_list` of those that are up, at once
///
/// What arrives at a process that monitors is a `down`: its reference is the
/// answer to the request.
///
/// **Errors** are `caf::error`s of which `vigil_error` returns the code and the
/// sentence. Once the node's stop has begun, what would change something fails
/// with `shutdown`, and what only reads once it has stopped (or, if it was on
/// its way then, with CAF's own `request_receiver_down`). A monitor or
/// demonitor that names no watcher is the sender's own: it fails with `noproc`
/// if the sender is no process of the node (`processes().add`). A sender of
/// another actor system gets `not_local`, whatever it asks. What comes by
/// `send` and is no request is answered as well, by a message; an error ends an
/// actor that does not handle it.
///
/// **Order.** What is requested about one process applies in the order in which
/// it was requested, also by several actors and threads. What "has its turn"
/// sees everything that anybody has requested before it. A monitor alone may
/// overtake what concerns other processes, and a request of high priority what
/// its sender has asked before. Answers come as they are ready: that to a
/// monitor which waits for room comes after those to later requests. What an
/// actor asks that is being spawned, first of all without naming a watcher, and
/// whatever it asks after that, waits until it is a process.
///
/// **Nothing is lost to whoever holds it.** The control plane ignores exit
/// messages, links and all that CAF would act upon by itself, so that nobody
/// ends the node through it; the handle cannot be sent to another node.
///
/// Thread-safety: as a handle of CAF: copies may be used from any thread.
/// Ownership: may outlive its node, whose actor system it must not outlive.
class control_plane_handle : public control_plane_interface {
public:
  /// A handle to no control plane.
  control_plane_handle() = default;

  /// @private Made by a node.
  explicit control_plane_handle(control_plane_interface x) noexcept
    : control_plane_interface(std::move(x)) {
    // nop
  }
};

/// @private A handle does not leave its program.
template <class Inspector>
typename Inspector::result_type inspect(Inspector&, control_plane_handle&)
  = delete;

} // namespace vigil

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::control_plane_handle)
