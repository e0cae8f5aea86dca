#include "actors/plane/actor_plane_port.hpp"

#include <vigil/caf.hpp>
#include "actors/loop/thread_scope.hpp"

#include <caf/duration.hpp>
#include <caf/scoped_actor.hpp>

#include <utility>

namespace vigil {

namespace {

/// Puts a request and waits for the answer.
template <class Answer, class Request>
error ask(caf::actor_system& system, const control_plane_handle& plane,
          Request request, Answer& answer,
          caf::duration limit = caf::infinite) {
  error result{errc::none, {}};
  thread_scope scope;
  caf::scoped_actor self{system};
  self->request(plane, limit, std::move(request))
    .receive([&](Answer& x) { answer = std::move(x); },
             [&](const caf::error& x) {
               // Any other error means that the control plane has ended.
               auto other = x == caf::sec::request_timeout ? errc::busy
                                                           : errc::shutdown;
               result = vigil_error(x).value_or(error{other, {}});
             });
  return result;
}

} // namespace

actor_plane_port::actor_plane_port(caf::actor_system& system,
                                   control_plane_handle plane,
                                   std::thread::id loop) noexcept
  : system_(system),
    plane_(std::move(plane)),
    loop_(loop) {
  // nop
}

void actor_plane_port::close() noexcept {
  plane_ = control_plane_handle{};
}

bool actor_plane_port::may_wait() const noexcept {
  return std::this_thread::get_id() != loop_;
}

error actor_plane_port::connect(node_name peer, bool keep) {
  unit answer;
  return ask(system_, plane_, connect_request{peer, keep}, answer);
}

error actor_plane_port::disconnect(node_name peer) {
  unit answer;
  return ask(system_, plane_, disconnect_request{peer}, answer);
}

error actor_plane_port::sync(node_name peer, timespan limit) {
  unit answer;
  return ask(system_, plane_, sync_request{peer}, answer, caf::duration{limit});
}

error actor_plane_port::monitors(const pid& watcher, monitor_list& out) {
  return ask(system_, plane_, monitors_request{watcher}, out);
}

error actor_plane_port::monitored_by(const pid& process, watcher_list& out) {
  return ask(system_, plane_, monitored_by_request{process}, out);
}

error actor_plane_port::nodes(node_list& out) {
  return ask(system_, plane_, nodes_request{}, out);
}

error actor_plane_port::stats(statistics& out) {
  return ask(system_, plane_, statistics_request{}, out);
}

} // namespace vigil
