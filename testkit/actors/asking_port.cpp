#include "testkit/actors/asking_port.hpp"

#include <vigil/requests.hpp>
#include "actors/plane/actor_completion.hpp"

#include <caf/duration.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace vigil::testkit {

bool asking_port::may_wait() const noexcept {
  // What must not wait is found out where it would, and is a failure then.
  return true;
}

template <class Answer, class Request>
result<Answer> asking_port::ask(Request x, timespan limit) {
  auto answer = std::make_shared<std::optional<result<Answer>>>();
  auto begin = [x = std::move(x), answer,
                plane = life_.control_plane()](caf::event_based_actor* self) {
    self->request(plane, caf::infinite, x)
      .then([answer](Answer& y) { answer->emplace(std::move(y)); },
            [answer](const caf::error& why) {
              answer->emplace(error_of(why));
            });
  };
  auto why = life_.ask(
    begin, [answer] { return answer->has_value(); }, limit);
  if (why.code != errc::none)
    return why;
  return *std::move(*answer);
}

result<unit> asking_port::connect(node_name peer, bool keep) {
  return ask<unit>(connect_request{peer, keep});
}

result<unit> asking_port::disconnect(node_name peer) {
  return ask<unit>(disconnect_request{peer});
}

result<unit> asking_port::sync(node_name peer, timespan limit) {
  return ask<unit>(sync_request{peer}, limit);
}

result<monitor_list> asking_port::monitors(const pid& watcher) {
  return ask<monitor_list>(monitors_request{watcher});
}

result<watcher_list> asking_port::monitored_by(const pid& process) {
  return ask<watcher_list>(monitored_by_request{process});
}

result<node_list> asking_port::nodes() {
  return ask<node_list>(nodes_request{});
}

result<statistics> asking_port::stats() {
  return ask<statistics>(statistics_request{});
}

} // namespace vigil::testkit
