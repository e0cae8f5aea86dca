// What a control plane is told. What it does for its executor is in
// control_plane_actor_host.cpp.

#include "actors/plane/control_plane_actor.hpp"

#include "actors/plane/actor_completion.hpp"

#include <chrono>
#include <utility>

namespace vigil {

namespace {

executor_config config_of(const control_plane_parts& x) {
  return {x.session, x.limits};
}

} // namespace

control_plane_actor::control_plane_actor(caf::actor_config& config,
                                         control_plane_parts parts)
  : multiplexed(config),
    parts_(std::move(parts)),
    log_(parts_.log, [] { return std::chrono::system_clock::now(); }),
    executor_(config_of(parts_), *parts_.front, *parts_.runtime, *this),
    lookup_(
      parts_.processes, [self = caf::actor_cast<caf::weak_actor_ptr>(ctrl())] {
        if (auto plane = self.lock())
          caf::anon_send(caf::actor_cast<caf::actor>(plane), process_spawned{});
      }) {
  if (system().has_middleman())
    spin_ = caf::make_counted<short_spin>(system().middleman().backend(),
                                          parts_.spin);
}

// -- what comes in ------------------------------------------------------------

void control_plane_actor::enqueue(caf::mailbox_element_ptr x,
                                  caf::execution_unit* context) {
  if (!admits(*x))
    refuse(*x, {errc::bad_argument, "this is no request to a control plane"});
  else if (x->sender != nullptr && x->sender->node() != node())
    refuse(*x,
           {errc::not_local, "the sender is an actor of another system than "
                             "the control plane"});
  else if (ended_)
    refuse(*x, {errc::shutdown, {}});
  else
    multiplexed::enqueue(std::move(x), context);
}

bool control_plane_actor::admits(const caf::mailbox_element& x) noexcept {
  // Of another category are the messages of CAF's streams, which it takes for
  // what their id says, whatever they hold.
  const auto& content = x.content();
  return x.mid.category() <= caf::message_id::normal_message_category
         && content.size() == 1 && content.type_nr(0) == 0;
}

void control_plane_actor::refuse(const caf::mailbox_element& x,
                                 const error& why) {
  if (x.sender != nullptr && x.mid.is_request())
    x.sender->enqueue(nullptr, x.mid.response_id(),
                      caf::make_message(failure_of(why)), nullptr);
}

caf::result<unit> control_plane_actor::subscribe() {
  auto who = current_sender();
  if (who == nullptr)
    return make_error(errc::bad_argument);
  auto promise = make_response_promise<caf::typed_response_promise<unit>>();
  auto answer = completion_of(promise);
  // Of a process that is being spawned the DOWNs wait as well, which come
  // before their node event.
  lookup_.find(who, [this, who, answer](const result<pid>& found) mutable {
    if (found.code() == errc::shutdown)
      return answer.deliver(errc::shutdown);
    add_subscriber(who);
    answer.deliver(unit{});
  });
  return promise;
}

void control_plane_actor::add_subscriber(const caf::strong_actor_ptr& who) {
  if (!subscribers_.add(who))
    return;
  // Not `monitor`, whose message anybody could send. Called at once if the
  // actor has ended already.
  who->get()->attach_functor(
    [self = caf::actor_cast<caf::weak_actor_ptr>(ctrl()),
     address = who.get()](const caf::error&) {
      if (auto plane = self.lock())
        caf::anon_send(caf::actor_cast<caf::actor>(plane),
                       subscriber_gone{address});
    });
}

template <class Request, class Answer>
caf::result<Answer>
control_plane_actor::pass(const Request& x, question<Request, Answer> f) {
  // The promise takes the sender over.
  auto who = current_sender();
  auto promise = make_response_promise<caf::typed_response_promise<Answer>>();
  auto answer = completion_of(promise);
  if (!lookup_.waits(who))
    (executor_.*f)(x, std::move(answer));
  else
    lookup_.find(who, [this, x, f, answer](const result<pid>& found) mutable {
      if (found.code() == errc::shutdown)
        return answer.deliver(errc::shutdown);
      (executor_.*f)(x, std::move(answer));
    });
  return promise;
}

template <class Request, class Answer>
caf::result<Answer>
control_plane_actor::pass_for(Request& x, question<Request, Answer> f) {
  if (x.watcher == pid{})
    if (auto process = lookup_.known(current_sender()))
      x.watcher = *process;
  if (x.watcher != pid{})
    return pass(x, f);
  auto who = current_sender();
  auto promise = make_response_promise<caf::typed_response_promise<Answer>>();
  auto answer = completion_of(promise);
  lookup_.find(who, [this, x, f, answer](const result<pid>& found) mutable {
    if (!found)
      return answer.deliver(found.failure());
    x.watcher = *found;
    (executor_.*f)(x, std::move(answer));
  });
  return promise;
}

control_plane_actor::behavior_type control_plane_actor::make_behavior() {
  set_default_handler(caf::drop);
  return {
    [this](monitor_request& x) { return pass_for(x, &node_executor::monitor); },
    [this](demonitor_request& x) {
      return pass_for(x, &node_executor::demonitor);
    },
    [this](const exit_report& x) {
      return pass(x, &node_executor::process_exited);
    },
    [this](const subscribe_request&) { return subscribe(); },
    [this](const unsubscribe_request&) {
      subscribers_.remove(current_sender());
      return unit{};
    },
    [this](const connect_request& x) {
      return pass(x, &node_executor::connect);
    },
    [this](const disconnect_request& x) {
      return pass(x, &node_executor::disconnect);
    },
    [this](const sync_request& x) { return pass(x, &node_executor::sync); },
    [this](const monitors_request& x) {
      return pass(x, &node_executor::monitors);
    },
    [this](const monitored_by_request& x) {
      return pass(x, &node_executor::monitored_by);
    },
    [this](const nodes_request&) { return executor_.nodes(); },
    [this](const statistics_request& x) {
      return pass(x, &node_executor::stats);
    },
    [this](peer_opened& x) {
      parts_.network->opened(x.connection, std::move(x.peer));
    },
    [this](peer_message& x) {
      executor_.step(event::arrived{x.connection, std::move(x.message)});
    },
    [this](const peer_closed& x) {
      parts_.network->closed(x.connection);
      executor_.step(event::disconnected{x.connection, x.misled});
    },
    [this](const dial_success& x) {
      executor_.step(event::connected{x.dial, x.connection});
    },
    [this](const dial_failure& x) {
      executor_.step(event::dial_failed{x.dial, x.why});
    },
    [this](const requests_waiting&) { executor_.on_requests(); },
    [this](const request_slice_due&) { executor_.on_slice(); },
    [this](const timer_due& x) { executor_.on_timer(x.due); },
    [this](const subscriber_gone& x) { subscribers_.forget(x.who); },
    [this](const process_spawned&) { lookup_.retry(); },
    [this](const resume_due&) { executor_.resume(); },
    [this](const stop_order&) {
      auto promise = make_response_promise<caf::typed_response_promise<unit>>();
      executor_.stop(completion_of(promise));
      return caf::result<unit>{promise};
    },
  };
}

void control_plane_actor::on_exit() {
  ended_ = true;
  subscribers_.clear();
  lookup_.refuse(errc::shutdown);
  // Also if something else than a stop has ended this actor: nobody may wait
  // for it any more. A promise that is dropped answers nobody, and holds this
  // actor.
  executor_.abandon();
  // The endpoint holds this actor in turn, and a timer that is still pending
  // may hold it for long.
  parts_ = control_plane_parts{};
}

} // namespace vigil
