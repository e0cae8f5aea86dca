#include "testkit/waiting_port.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace vigil::testkit {

bool waiting_port::may_wait() const noexcept {
  // What must not wait is found out where it would, and is a failure then.
  return true;
}

template <class Request, class Answer>
result<Answer>
waiting_port::ask(Request x, question<Request, Answer> f, timespan limit) {
  if (!home_.may_wait("what asks a control plane"))
    return errc::busy;
  auto answer = std::make_shared<std::optional<result<Answer>>>();
  life_.enqueue([x = std::move(x), f, answer](node_executor& executor) {
    (executor.*f)(x, completion<Answer>{[answer](const result<Answer>& y) {
                    answer->emplace(y);
                  }});
  });
  home_.wait([&] { return *answer || !life_.running(); }, limit);
  if (*answer)
    return **answer;
  return life_.running() ? errc::busy : errc::shutdown;
}

result<unit> waiting_port::connect(node_name peer, bool keep) {
  return ask(connect_request{peer, keep}, &node_executor::connect);
}

result<unit> waiting_port::disconnect(node_name peer) {
  return ask(disconnect_request{peer}, &node_executor::disconnect);
}

result<unit> waiting_port::sync(node_name peer, timespan limit) {
  return ask(sync_request{peer}, &node_executor::sync, limit);
}

result<monitor_list> waiting_port::monitors(const pid& watcher) {
  return ask(monitors_request{watcher}, &node_executor::monitors);
}

result<watcher_list> waiting_port::monitored_by(const pid& process) {
  return ask(monitored_by_request{process}, &node_executor::monitored_by);
}

result<node_list> waiting_port::nodes() {
  if (!home_.may_wait("what asks a control plane"))
    return errc::busy;
  auto answer = std::make_shared<std::optional<node_list>>();
  life_.enqueue(
    [answer](node_executor& executor) { *answer = executor.nodes(); });
  home_.wait([&] { return *answer || !life_.running(); }, timespan::max());
  if (*answer)
    return **answer;
  return life_.running() ? errc::busy : errc::shutdown;
}

result<statistics> waiting_port::stats() {
  return ask(statistics_request{}, &node_executor::stats);
}

} // namespace vigil::testkit
