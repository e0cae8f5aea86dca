#pragma once

#include <vigil/runtime_front.hpp>
#include "actors/net/endpoint_network.hpp"
#include "actors/net/network_messages.hpp"
#include "actors/plane/actor_plane_port.hpp"
#include "actors/plane/control_plane_actor.hpp"
#include "tests/core/transcript.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// What the tests of the control plane actor share: node a in virtual time,
/// with a runtime, an endpoint and a connector that only record.
namespace vigil::test {

/// A message that nobody knows.
struct something_else {};

} // namespace vigil::test

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(vigil::test::something_else)

namespace vigil::test {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// An actor system whose actors run, and whose time passes, when a test says
/// so.
class testing_config : public caf::actor_system_config {
public:
  testing_config() {
    set("scheduler.policy", caf::atom("testing"));
  }
};

/// Keeps what it is sent, and from whom.
class recorder : public caf::event_based_actor {
public:
  struct book {
    std::vector<dial_order> dials;
    std::vector<session_message> messages;
    std::vector<caf::strong_actor_ptr> senders;
  };

  recorder(caf::actor_config& config, std::shared_ptr<book> notes)
    : event_based_actor(config),
      notes_(std::move(notes)) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const dial_order& x) { notes_->dials.push_back(x); },
      [this](hello& x) { keep(std::move(x)); },
      [this](frame& x) { keep(std::move(x)); },
      [this](const tick& x) { keep(x); },
      [this](const probe& x) { keep(x); },
      [this](const probe_reply& x) { keep(x); },
      [this](goodbye& x) { keep(std::move(x)); },
      [this](const goodbye_ack& x) { keep(x); },
    };
  }

private:
  template <class T>
  void keep(T x) {
    notes_->messages.emplace_back(std::move(x));
    notes_->senders.push_back(current_sender());
  }

  std::shared_ptr<book> notes_;
};

// -- requests and their answers -----------------------------------------------

inline std::string answer_line(reference x) {
  return brief(x);
}

inline std::string answer_line(bool x) {
  return x ? "true" : "false";
}

inline std::string answer_line(const unit&) {
  return "ok";
}

inline std::string answer_line(const monitor_list& x) {
  std::string result{"monitors"};
  for (const auto& monitor : x.monitors)
    result += ' ' + brief(monitor.ref) + '/' + brief(monitor.object);
  return result;
}

inline std::string answer_line(const watcher_list& x) {
  std::string result{"watchers"};
  for (const auto& watcher : x.watchers)
    result += ' ' + brief(watcher);
  return result;
}

inline std::string answer_line(const node_list& x) {
  std::string result{"nodes"};
  for (auto node : x.nodes)
    result += ' ' + brief(node);
  return result;
}

inline std::string answer_line(const statistics& x) {
  std::string result;
  for (const auto& [name, value] : x.values)
    result += name + '=' + std::to_string(value) + ' ';
  return result;
}

/// Puts one request to the control plane and notes the answer: the printed
/// value, the name of the error, or "gone" if the control plane has ended.
template <class Answer, class Request>
class asker : public caf::event_based_actor {
public:
  asker(caf::actor_config& config, control_plane_port plane, Request request,
        std::shared_ptr<std::string> answer)
    : event_based_actor(config),
      plane_(std::move(plane)),
      request_(std::move(request)),
      answer_(std::move(answer)) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    request(plane_, caf::infinite, request_)
      .then([answer = answer_](const Answer& x) { *answer = answer_line(x); },
            [answer = answer_](const caf::error& x) {
              auto why = vigil_error(x);
              *answer = why ? std::string{to_string(why->code)} : "gone";
            });
    return {};
  }

private:
  control_plane_port plane_;
  Request request_;
  std::shared_ptr<std::string> answer_;
};

// -- the runtime --------------------------------------------------------------

/// The processes of node a. Writes down what it is told, a line a call.
class recording_runtime : public runtime {
public:
  processes_stub processes{node_a};
  /// One line for each call; DOWNs of one batch share a line.
  lines events;
  /// Called from within `deliver`, before the batch is written down.
  std::function<void(const down_notice&)> on_deliver;

  bool alive(const pid& x) const noexcept override {
    return processes.alive(x);
  }

  std::optional<pid> whereis(const process_name& x) const noexcept override {
    return processes.whereis(x);
  }

  void deliver(const down_notice* first, size_t count) noexcept override {
    std::string line{"down"};
    for (auto i = first; i != first + count; ++i) {
      if (on_deliver)
        on_deliver(*i);
      line += (i == first ? " " : " | ") + brief(*i);
    }
    events.push_back(line);
  }

  void remove_down(const pid& watcher, reference ref) noexcept override {
    events.push_back("remove " + brief(watcher) + ' ' + brief(ref));
  }

  void on_node_event(const node_event& x) noexcept override {
    if (x.up)
      events.push_back("nodeup " + brief(x.peer) + ' '
                       + std::to_string(to_integer(x.life)));
    else
      events.push_back("nodedown " + brief(x.peer) + ' '
                       + std::string{to_string(x.cause)});
  }

  lines take() {
    return std::exchange(events, {});
  }
};

// -- the world ----------------------------------------------------------------

/// So many monitors end in a step.
inline control_limits slices_of(size_t count) {
  control_limits result;
  result.step_work = 8 * count;
  return result;
}

/// The control plane of node a. Its processes a1 and a2 are alive.
class control_plane_world {
public:
  explicit control_plane_world(size_t max_backlog = 1024 * 1024,
                               const control_limits& limits = {})
    : endpoint(system.spawn<recorder>(endpoint_notes)),
      connector(system.spawn<recorder>(connector_notes)) {
    runtime.processes.spawn(1);
    runtime.processes.spawn(2);
    control_plane_parts parts;
    parts.session.self = node_a;
    parts.session.life = first_life;
    parts.session.being = {1, 1};
    parts.limits = limits;
    parts.front = front;
    parts.runtime = &runtime;
    parts.network = std::make_unique<endpoint_network>(system, endpoint,
                                                       connector);
    parts.session.max_backlog = max_backlog;
    parts.log = [this](const log_record& x) {
      log.push_back(x.text);
      records.push_back(x);
    };
    plane = system.spawn<control_plane_actor>(std::move(parts));
    front->open = true;
    front->runtime = &runtime;
    front->plane = std::make_shared<actor_plane_port>(system, plane,
                                                      std::thread::id{});
    front->queue.on_waiting([x = caf::actor_cast<caf::actor>(plane)] {
      caf::anon_send(x, requests_waiting{});
    });
    run();
  }

  ~control_plane_world() {
    front->queue.on_waiting(nullptr);
    // Those who still wait for an answer first.
    kill(askers);
    end_plane();
    kill({endpoint, connector});
  }

  control_plane_world(const control_plane_world&) = delete;

  control_plane_world& operator=(const control_plane_world&) = delete;

  void kill(const std::vector<caf::actor>& actors) {
    for (const auto& x : actors)
      caf::anon_send_exit(x, caf::exit_reason::kill);
    run();
  }

  /// Ends the control plane as a fault in it would.
  void end_plane() {
    auto self = caf::actor_cast<caf::abstract_actor*>(plane);
    static_cast<control_plane_actor*>(self)->set_default_handler(
      [](caf::scheduled_actor* x,
         caf::message_view&) -> caf::result<caf::message> {
        x->quit(caf::exit_reason::unhandled_exception);
        return caf::sec::unexpected_message;
      });
    caf::anon_send(caf::actor_cast<caf::actor>(plane), something_else{});
    run();
  }

  /// Lets all actors run until none has anything to do.
  void run() {
    coordinator.run();
  }

  /// Lets time pass; what becomes due runs at the end of the span.
  void advance(timespan x) {
    coordinator.advance_time(x);
    run();
  }

  /// Lets time pass in steps, as it does for timers that are set again.
  void advance(timespan x, timespan step) {
    for (timespan done{0}; done < x; done += step)
      advance(step);
  }

  template <class T>
  void tell(T x) {
    caf::anon_send(plane, std::move(x));
    run();
  }

  /// Puts a request; the string holds the answer once it has come.
  template <class Answer, class Request>
  std::shared_ptr<std::string> ask(Request x) {
    auto answer = std::make_shared<std::string>("waiting");
    askers.push_back(
      system.spawn<asker<Answer, Request>>(plane, std::move(x), answer));
    run();
    return answer;
  }

  std::string monitor(const pid& watcher, const target& object) {
    return *ask<reference>(monitor_request{object, watcher});
  }

  std::string demonitor(const pid& watcher, uint64_t number) {
    return *ask<bool>(demonitor_request{ref(number), {}, watcher});
  }

  /// Ends a process as a runtime does: first invisible, then reported.
  void exit(uint32_t number, std::string_view reason) {
    runtime.processes.end(number);
    tell(exit_report{proc(node_a, number), atom(reason)});
  }

  /// Returns one of the node's counters.
  uint64_t count(const std::string& name) {
    auto text = ' ' + *ask<statistics>(statistics_request{});
    auto position = text.find(' ' + name + '=');
    REQUIRE(position != std::string::npos);
    return std::stoull(text.substr(position + name.size() + 2));
  }

  bool ended() {
    return *ask<node_list>(nodes_request{}) == "shutdown";
  }

  testing_config config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& coordinator
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  std::shared_ptr<recorder::book> endpoint_notes
    = std::make_shared<recorder::book>();
  std::shared_ptr<recorder::book> connector_notes
    = std::make_shared<recorder::book>();
  caf::actor endpoint;
  caf::actor connector;
  recording_runtime runtime;
  std::shared_ptr<front_state> front
    = std::make_shared<front_state>(node_a, first_life, 100);
  /// The text of each record of the log.
  lines log;
  std::vector<log_record> records;
  std::vector<caf::actor> askers;
  control_plane_port plane;
  const pid a1 = proc(node_a, 1);
  const pid a2 = proc(node_a, 2);
  const pid b1 = proc(node_b, 1);
  const pid c1 = proc(node_c, 1);
};

} // namespace vigil::test
