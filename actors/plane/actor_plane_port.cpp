#include "actors/plane/actor_plane_port.hpp"

#include "actors/loop/thread_scope.hpp"
#include "actors/plane/actor_completion.hpp"

#include <caf/duration.hpp>
#include <caf/scoped_actor.hpp>

#include <optional>
#include <utility>

namespace vigil {

namespace {

/// Puts a request and waits for the answer.
template <class Answer, class Request>
result<Answer> ask(caf::actor_system& system,
                   const control_plane_interface& plane, Request request,
                   caf::duration limit = caf::infinite) {
  std::optional<result<Answer>> outcome;
  thread_scope scope;
  caf::scoped_actor self{system};
  self->request(plane, limit, std::move(request))
    .receive([&](Answer& x) { outcome.emplace(std::move(x)); },
             [&](const caf::error& x) { outcome.emplace(error_of(x)); });
  return *std::move(outcome);
}

} // namespace

actor_plane_port::actor_plane_port(caf::actor_system& system,
                                   control_plane_interface plane,
                                   std::thread::id loop) noexcept
  : system_(system),
    plane_(std::move(plane)),
    loop_(loop) {
  // nop
}

void actor_plane_port::close() noexcept {
  plane_ = control_plane_interface{};
}

bool actor_plane_port::may_wait() const noexcept {
  return std::this_thread::get_id() != loop_;
}

result<unit> actor_plane_port::connect(node_name peer, bool keep) {
  return ask<unit>(system_, plane_, connect_request{peer, keep});
}

result<unit> actor_plane_port::disconnect(node_name peer) {
  return ask<unit>(system_, plane_, disconnect_request{peer});
}

result<unit> actor_plane_port::sync(node_name peer, timespan limit) {
  return ask<unit>(system_, plane_, sync_request{peer}, caf::duration{limit});
}

result<monitor_list> actor_plane_port::monitors(const pid& watcher) {
  return ask<monitor_list>(system_, plane_, monitors_request{watcher});
}

result<watcher_list> actor_plane_port::monitored_by(const pid& process) {
  return ask<watcher_list>(system_, plane_, monitored_by_request{process});
}

result<node_list> actor_plane_port::nodes() {
  return ask<node_list>(system_, plane_, nodes_request{});
}

result<statistics> actor_plane_port::stats() {
  return ask<statistics>(system_, plane_, statistics_request{});
}

} // namespace vigil
