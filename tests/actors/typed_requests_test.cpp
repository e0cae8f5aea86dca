// The control plane as actors of a program see it: real nodes, and requests
// through the handle.

#include <vigil/actors.hpp>
#include "tests/actors/loopback.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <future>
#include <memory>
#include <stdexcept>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Puts a request and returns the answer, or the error as it is printed.
template <class Answer, class Request>
result<Answer>
ask(caf::scoped_actor& self, const control_plane_handle& plane, Request x) {
  std::optional<result<Answer>> answer;
  self->request(plane, patience, std::move(x))
    .receive([&](const Answer& y) { answer.emplace(y); },
             [&](const caf::error& y) {
               answer.emplace(vigil_error(y).value_or(
                 error{errc::unknown_command, self->system().render(y)}));
             });
  return *answer;
}

/// Ends when it is told why.
caf::behavior worker(caf::event_based_actor* self, pid) {
  return {[self](const std::string& why) { self->quit(to_error(atom(why))); }};
}

pid spawn_worker(node& x,
                 const std::optional<process_name>& name = std::nullopt) {
  return x.processes()
    .spawn([&](pid id) { return x.system().spawn(worker, id); }, name)
    .value();
}

void end(node& x, const pid& process, const std::string& why) {
  caf::anon_send(x.processes().find(process), why);
}

/// Returns the next DOWN for this thread.
down next_down(caf::scoped_actor& self) {
  down message;
  self->receive([&](const down& x) { message = x; },
                caf::after(patience) >> [] { FAIL("no DOWN"); });
  return message;
}

std::string next_event(caf::scoped_actor& self) {
  std::string line;
  self->receive(
    [&](const node_event& x) {
      line = (x.up ? "nodeup " : "nodedown ") + brief(x.peer);
    },
    [&](const down& x) { line = "down " + to_string(x.reason); },
    caf::after(patience) >> [] { FAIL("no event"); });
  return line;
}

bool has_mail(caf::scoped_actor& self) {
  return self->has_next_message();
}

/// Asks in its first step, first of all for a monitor without saying for whom,
/// and hands on what it is told once it has all four answers.
caf::behavior early(caf::event_based_actor* self, pid own,
                    const control_plane_handle& plane, const target& object,
                    std::promise<void>* asked, std::promise<lines>* answers) {
  auto told = std::make_shared<lines>();
  auto note = [=](std::string line) {
    told->push_back(std::move(line));
    if (told->size() == 4)
      answers->set_value(*told);
  };
  self->request(plane, caf::infinite, monitor_request{object})
    .then([=](reference) { note("monitor"); });
  self->request(plane, caf::infinite, subscribe_request{}).then([=](unit) {
    note("subscribe");
  });
  self->request(plane, caf::infinite, sync_request{node_b}).then([=](unit) {
    note("sync");
  });
  self->request(plane, caf::infinite, monitors_request{own})
    .then([=](const monitor_list& x) {
      note("monitors " + std::to_string(x.monitors.size()));
    });
  asked->set_value();
  self->set_default_handler(caf::drop);
  return {[](const down&) {}};
}

/// Two nodes, and this thread as a process of the first.
struct two_nodes {
  two_nodes() {
    a->addresses().add(node_b, {"127.0.0.1", b->port()});
    me = a->processes().add(self).value();
  }

  std::unique_ptr<node> a = start(config_of(node_a));
  std::unique_ptr<node> b = start(config_of(node_b));
  control_plane_handle plane = a->control_plane();
  caf::scoped_actor self{a->system()};
  pid me;
};

} // namespace

TEST_CASE("typed requests: the sender monitors by pid and by name, and gets a "
          "DOWN with the reference that it was told") {
  two_nodes x;
  auto name = "db"_process;
  auto target = spawn_worker(*x.b, name);
  auto by_pid = ask<reference>(x.self, x.plane, monitor_request{target});
  auto by_name = ask<reference>(x.self, x.plane,
                                monitor_request{named_target{name, node_b}});
  CHECK(ask<unit>(x.self, x.plane, sync_request{node_b}));
  end(*x.b, target, "boom");
  auto first = next_down(x.self);
  auto second = next_down(x.self);
  if (first.ref != *by_pid)
    std::swap(first, second);
  CHECK(first.ref == *by_pid);
  CHECK(first.object == vigil::target{target});
  CHECK(second.ref == *by_name);
  CHECK(second.object == vigil::target{named_target{name, node_b}});
  CHECK(to_string(second.reason) == "boom");
}

TEST_CASE("typed requests: a request may name another process of the node") {
  two_nodes x;
  auto watcher = spawn_worker(*x.a);
  auto target = spawn_worker(*x.a);
  CHECK(ask<reference>(x.self, x.plane, monitor_request{target, watcher}));
  CHECK(x.a->front().monitors(watcher)->monitors.size() == 1);
  CHECK(x.a->front().monitors(x.me)->monitors.empty());
  CHECK(ask<reference>(x.self, x.plane, monitor_request{target, target})
          .has_value());
  auto stranger = spawn_worker(*x.b);
  CHECK(
    ask<reference>(x.self, x.plane, monitor_request{target, stranger}).code()
    == errc::noproc);
}

TEST_CASE("typed requests: a sender that is no process is told how to become "
          "one") {
  auto a = start(config_of(node_a));
  caf::scoped_actor self{a->system()};
  auto target = spawn_worker(*a);
  auto answer = ask<reference>(self, a->control_plane(),
                               monitor_request{target});
  CHECK(answer.failure()
        == error{errc::noproc, "the sender is no process of this node: "
                               "processes().add makes it one"});
  CHECK(ask<bool>(self, a->control_plane(), demonitor_request{first_reference})
          .code()
        == errc::noproc);
  CHECK(a->processes().add(self));
  CHECK(ask<reference>(self, a->control_plane(), monitor_request{target}));
}

TEST_CASE("typed requests: an actor that asks while it is being spawned is "
          "answered in order, and others need not wait for that") {
  two_nodes x;
  auto target = spawn_worker(*x.b);
  std::promise<void> asked;
  std::promise<lines> answers;
  auto order = answers.get_future();
  CHECK(x.a->front().connect(node_b));
  CHECK(x.a->processes().spawn([&](pid id) {
    auto spawned = x.a->system().spawn(early, id, x.plane, target, &asked,
                                       &answers);
    asked.get_future().wait();
    CHECK(ask<reference>(x.self, x.plane, monitor_request{x.me}));
    CHECK(order.wait_for(seconds{0}) == std::future_status::timeout);
    return spawned;
  }));
  auto told = order.get();
  CHECK(told.front() == "monitor");
  std::sort(told.begin(), told.end());
  CHECK_LINES(told, {"monitor", "monitors 1", "subscribe", "sync"});
  CHECK(x.b->front().monitored_by(target)->watchers.size() == 1);
}

TEST_CASE("typed requests: who is no process is told so when no spawn is under "
          "way any more, however that ended") {
  two_nodes x;
  caf::scoped_actor stranger{x.a->system()};
  auto plane = x.plane;
  CHECK_THROWS_AS(
    static_cast<void>(x.a->processes().spawn([&](pid) -> caf::actor {
      stranger->send(plane, monitor_request{x.me});
      // Once this is answered, the other has come.
      CHECK(ask<node_list>(x.self, plane, nodes_request{}));
      throw std::runtime_error{"no actor"};
    })),
    std::runtime_error);
  CHECK(ask<reference>(stranger, plane, monitor_request{x.me}).code()
        == errc::noproc);
}

TEST_CASE("typed requests: on a node with a runtime of its own a request must "
          "name the watcher, and an actor cannot become a process") {
  loopback_node a{node_a};
  caf::scoped_actor self{a.impl->system()};
  auto plane = a.impl->control_plane();
  auto target = a.spawn();
  CHECK(ask<reference>(self, plane, monitor_request{target}).failure()
        == error{errc::noproc, "the processes of this node are those of its "
                               "runtime: the request must name the watcher"});
  CHECK(ask<reference>(self, plane, monitor_request{target, a.spawn()}));
  auto refused = a.impl->processes().add(self);
  CHECK(refused.failure()
        == error{errc::bad_argument,
                 "the processes of this node are those of its runtime"});
  a.runtime.end(target);
  CHECK(ask<unit>(self, plane, exit_report{target, atom("boom")}));
  REQUIRE(a.runtime.wait_for_downs(1));
  CHECK(to_string(a.runtime.downs()[0].message.reason) == "boom");
}

TEST_CASE("typed requests: a demonitor that comes too late is answered after "
          "the DOWN, with flush the runtime removes that") {
  loopback_node a{node_a};
  caf::scoped_actor self{a.impl->system()};
  auto plane = a.impl->control_plane();
  auto watcher = a.spawn();
  auto target = a.spawn();
  auto monitor = [&] {
    return ask<reference>(self, plane, monitor_request{target, watcher})
      .value();
  };
  auto first = monitor();
  CHECK(ask<bool>(self, plane, demonitor_request{first, {}, watcher}).value());
  auto second = monitor();
  CHECK_FALSE(
    ask<bool>(self, plane, demonitor_request{second, {}, a.spawn()}).value());
  a.end(target, "boom");
  REQUIRE(a.runtime.wait_for_downs(1));
  CHECK_FALSE(
    ask<bool>(self, plane, demonitor_request{second, {}, watcher}).value());
  CHECK_FALSE(
    ask<bool>(self, plane, demonitor_request{second, {true}, watcher}).value());
  CHECK_LINES(a.runtime.events(), {"down boom", "remove"});
}

TEST_CASE("typed requests: whoever is told that a demonitor was in time gets "
          "no DOWN, and whoever is not has it already") {
  two_nodes x;
  auto late = 0;
  for (auto i = 0; i < 1000 && late < 3; ++i) {
    auto target = spawn_worker(*x.a);
    auto ref = ask<reference>(x.self, x.plane, monitor_request{target});
    if (i > 0)
      end(*x.a, target, "done");
    auto in_time = ask<bool>(x.self, x.plane, demonitor_request{*ref}).value();
    REQUIRE(in_time != has_mail(x.self));
    if (in_time)
      continue;
    CHECK(next_down(x.self).ref == *ref);
    ++late;
  }
  CHECK(late > 0);
}

TEST_CASE("typed requests: a live actor's end cannot be reported") {
  two_nodes x;
  auto target = spawn_worker(*x.a);
  CHECK(ask<reference>(x.self, x.plane, monitor_request{target}));
  CHECK(ask<unit>(x.self, x.plane, exit_report{target, atom("boom")}).code()
        == errc::bad_argument);
  end(*x.a, target, "done");
  CHECK(to_string(next_down(x.self).reason) == "done");
}

TEST_CASE("node subscriptions: the nodes that are up come first, then the "
          "answer, then what changes") {
  two_nodes x;
  CHECK(x.a->front().connect(node_b));
  CHECK(ask<unit>(x.self, x.plane, subscribe_request{}));
  // It was there before the answer.
  REQUIRE(has_mail(x.self));
  CHECK(next_event(x.self) == "nodeup b");
  // Who has subscribed is not told again.
  CHECK(ask<unit>(x.self, x.plane, subscribe_request{}));
  CHECK_FALSE(has_mail(x.self));
  auto target = spawn_worker(*x.b);
  CHECK(ask<reference>(x.self, x.plane, monitor_request{target}));
  CHECK(x.a->front().sync(node_b, patience) == errc::none);
  x.b->stop();
  CHECK(next_event(x.self) == "down noconnection");
  CHECK(next_event(x.self) == "nodedown b");
  x.b = start(config_of(node_b));
  x.a->addresses().add(node_b, {"127.0.0.1", x.b->port()});
  CHECK(x.a->front().connect(node_b));
  CHECK(next_event(x.self) == "nodeup b");
  CHECK(ask<unit>(x.self, x.plane, unsubscribe_request{}));
  CHECK(x.a->front().disconnect(node_b) == errc::none);
  CHECK_FALSE(has_mail(x.self));
  // What is up now is told to who subscribes anew: nothing.
  CHECK(ask<unit>(x.self, x.plane, subscribe_request{}));
  CHECK_FALSE(has_mail(x.self));
}

TEST_CASE("typed requests: everything that can be read, and links") {
  two_nodes x;
  auto target = spawn_worker(*x.b);
  CHECK(ask<unit>(x.self, x.plane, connect_request{node_b}));
  auto ref = ask<reference>(x.self, x.plane, monitor_request{target});
  CHECK(ask<unit>(x.self, x.plane, sync_request{node_b}));
  auto held = ask<monitor_list>(x.self, x.plane, monitors_request{x.me});
  REQUIRE(held->monitors.size() == 1);
  CHECK(held->monitors[0].ref == *ref);
  caf::scoped_actor there{x.b->system()};
  auto watchers = ask<watcher_list>(there, x.b->control_plane(),
                                    monitored_by_request{target});
  CHECK(watchers->watchers == std::vector{x.me});
  CHECK(ask<node_list>(x.self, x.plane, nodes_request{})->nodes
        == std::vector{node_b});
  CHECK(ask<statistics>(x.self, x.plane, statistics_request{}));
  CHECK(ask<unit>(x.self, x.plane, disconnect_request{node_b}));
  CHECK(to_string(next_down(x.self).reason) == "noconnection");
  CHECK(ask<unit>(x.self, x.plane, connect_request{node_c}).code()
        == errc::unresolvable);
}

TEST_CASE("typed requests: who asks a node that has stopped is told so") {
  two_nodes x;
  x.b->stop();
  auto plane = x.b->control_plane();
  CHECK(ask<node_list>(x.self, plane, nodes_request{}).code()
        == errc::not_local);
  caf::actor_system_config config;
  configure(config);
  caf::actor_system system{config};
  auto c = node::attach(system, config_of(node_c)).value();
  caf::scoped_actor self{system};
  c->stop();
  CHECK(ask<node_list>(self, c->control_plane(), nodes_request{}).code()
        == errc::shutdown);
  CHECK(ask<reference>(self, c->control_plane(), monitor_request{x.me}).code()
        == errc::shutdown);
}
