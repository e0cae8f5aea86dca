// Nodes in an actor system that their caller has brought.

#include <vigil/node.hpp>
#include <vigil/process_registry.hpp>
#include "tests/actors/loopback.hpp"

#include <caf/all.hpp>
#include <caf/io/middleman.hpp>

#include <future>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A message type of the caller's own.
struct greeting {
  std::string text;
};

template <class Inspector>
auto inspect(Inspector& f, greeting& x) {
  return f(caf::meta::type_name("greeting"), x.text);
}

class callers_config : public caf::actor_system_config {
public:
  callers_config() {
    add_message_type<greeting>("greeting");
    configure(*this);
  }
};

/// Goes on until it is told to end.
class self_holder : public caf::event_based_actor {
public:
  explicit self_holder(caf::actor_config& config) : event_based_actor(config) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    self_ = caf::actor{this};
    return {[](int x) { return x; }};
  }

  void on_exit() override {
    self_ = nullptr;
  }

private:
  caf::actor self_;
};

/// A node in an actor system that it shares with others.
struct attached_node {
  attached_node(caf::actor_system& system, node_name name) {
    auto attached = node::attach(system, config_of(name, &runtime));
    REQUIRE(attached);
    impl = std::move(*attached);
    front = impl->front();
  }

  void knows(const loopback_node& x) const {
    impl->addresses().add(x.impl->name(), {"127.0.0.1", x.impl->port()});
  }

  pid spawn() {
    auto id = front->new_pid();
    runtime.spawn(id);
    return id;
  }

  table_runtime runtime;
  std::unique_ptr<node> impl;
  std::optional<runtime_front> front;
};

/// Two nodes of one actor system, each in a session with a node of another
/// program, and monitors between them in both directions.
struct shared_connection {
  shared_connection() {
    for (auto x : {&a, &b}) {
      x->knows(d);
      CHECK(x->front->connect(node_d).code() == errc::none);
      CHECK(x->front->monitor(x->spawn(), remote));
      auto target = x->spawn();
      local.push_back(target);
      CHECK(d.front.monitor(d.spawn(), target));
      CHECK(x->front->sync(node_d, patience) == errc::none);
      CHECK(d.front.sync(x->impl->name(), patience) == errc::none);
    }
  }

  callers_config config;
  caf::actor_system system{config};
  loopback_node d{node_d};
  attached_node a{system, node_a};
  attached_node b{system, node_b};
  pid remote = d.spawn();
  std::vector<pid> local;
};

} // namespace

TEST_CASE("a port is free again if its node was attached") {
  callers_config config;
  caf::actor_system system{config};
  auto wanted = config_of(node_a);
  for (int i = 0; i < 3; ++i) {
    auto a = node::attach(system, wanted);
    REQUIRE(a);
    wanted.port = (*a)->port();
  }
}

TEST_CASE("a node lives in the caller's actor system and leaves it as it was") {
  callers_config config;
  caf::actor_system system{config};
  auto before = system.registry().running();
  {
    auto a = node::attach(system, config_of(node_a));
    REQUIRE(a);
    CHECK(&(*a)->system() == &system);
    auto again = node::attach(system, config_of(node_b));
    REQUIRE(again);
  }
  CHECK(system.registry().running() == before);
}

TEST_CASE("a failed attach leaves no actor behind") {
  callers_config config;
  caf::actor_system system{config};
  auto before = system.registry().running();
  mute_listener listener;
  auto wrong = config_of(node_a);
  wrong.port = listener.port();
  CHECK(failure_of(node::attach(system, wrong)).find("address_in_use") == 0);
  CHECK(system.registry().running() == before);
}

TEST_CASE("two nodes in one actor system watch each other") {
  callers_config config;
  caf::actor_system system{config};
  table_runtime host_a;
  table_runtime host_b;
  auto a = node::attach(system, config_of(node_a, &host_a));
  auto b = node::attach(system, config_of(node_b, &host_b));
  REQUIRE(a);
  REQUIRE(b);
  auto front_a = (*a)->front();
  auto front_b = (*b)->front();
  (*a)->addresses().add(node_b, {"127.0.0.1", (*b)->port()});
  auto p = front_a.new_pid();
  auto q = front_b.new_pid();
  host_a.spawn(p);
  host_b.spawn(q);
  CHECK(front_a.connect(node_b).code() == errc::none);
  CHECK(front_a.monitor(p, q));
  CHECK(front_b.monitor(q, p));
  CHECK(front_a.sync(node_b, patience) == errc::none);
  CHECK(front_b.sync(node_a, patience) == errc::none);
  host_b.end(q);
  CHECK(front_b.process_exited(q, atom("boom")) == errc::none);
  REQUIRE(host_a.wait_for_downs(1));
  CHECK(to_string(host_a.downs()[0].message.reason) == "boom");
  // The session can be ended and made again over the same actors.
  CHECK(front_a.disconnect(node_b) == errc::none);
  REQUIRE(host_b.wait_for_event("nodedown a requested"));
  CHECK(front_a.connect(node_b).code() == errc::none);
  CHECK(front_a.monitor(p, q));
  REQUIRE(host_a.wait_for_downs(2));
  CHECK(host_a.downs()[1].message.reason == exit_reason::noproc());
  (*b)->stop();
  REQUIRE(host_a.wait_for_event("nodedown b shutdown"));
}

TEST_CASE("actors of the caller's system are processes with messages of their "
          "own") {
  callers_config config;
  caf::actor_system system{config};
  auto a = node::attach(system, config_of(node_a));
  REQUIRE(a);
  std::promise<std::string> said;
  auto id = (*a)->processes().spawn([&](pid own) {
    return system.spawn(
      [&said](caf::event_based_actor* self, pid) -> caf::behavior {
        return {
          [&said, self](const greeting& x) {
            said.set_value(x.text);
            self->quit();
          },
        };
      },
      own);
  });
  REQUIRE(id);
  caf::anon_send((*a)->processes().find(*id), greeting{"hi"});
  CHECK(said.get_future().get() == "hi");
}

TEST_CASE("processes of a caller's system outlive the node and those of its "
          "own do not") {
  callers_config config;
  caf::actor_system system{config};
  auto idle = [](caf::event_based_actor*, pid) -> caf::behavior {
    return {[](int x) { return x; }};
  };
  caf::actor survivor;
  {
    auto a = node::attach(system, config_of(node_a));
    REQUIRE(a);
    auto id = (*a)->processes().spawn(
      [&](pid own) { return survivor = system.spawn(idle, own); });
    REQUIRE(id);
  }
  caf::scoped_actor self{system};
  self->request(survivor, caf::infinite, 5)
    .receive([](int x) { CHECK(x == 5); },
             [](const caf::error&) { FAIL("the process has ended"); });
  caf::anon_send_exit(survivor, caf::exit_reason::user_shutdown);
  // Would wait for ever if the process went on.
  auto b = start(config_of(node_b));
  CHECK(b->processes().spawn(
    [&](pid) { return b->system().spawn<self_holder>(); }));
  b.reset();
}

TEST_CASE("another node cannot end an endpoint") {
  loopback_node b{node_b};
  callers_config config;
  caf::actor_system system{config};
  auto remote = system.middleman().remote_actor("127.0.0.1", b.impl->port());
  REQUIRE(remote);
  caf::anon_send_exit(*remote, caf::exit_reason::kill);
  caf::anon_send(*remote, caf::make_error(caf::sec::runtime_error));
  // Whatever was sent over this connection has been handled by the time a node
  // that uses it is connected.
  table_runtime runtime;
  auto a = node::attach(system, config_of(node_a, &runtime));
  REQUIRE(a);
  (*a)->addresses().add(node_b, {"127.0.0.1", b.impl->port()});
  CHECK((*a)->front().connect(node_b).code() == errc::none);
}

TEST_CASE("a disconnect closes the connection under the session") {
  loopback_node b{node_b};
  callers_config config;
  caf::actor_system system{config};
  table_runtime runtime;
  auto a = node::attach(system, config_of(node_a, &runtime));
  REQUIRE(a);
  (*a)->addresses().add(node_b, {"127.0.0.1", b.impl->port()});
  auto front = (*a)->front();
  CHECK(front.connect(node_b).code() == errc::none);
  auto remote = system.middleman().remote_actor("127.0.0.1", b.impl->port());
  REQUIRE(remote);
  std::promise<void> gone;
  (*remote)->attach_functor([&] { gone.set_value(); });
  CHECK(front.disconnect(node_b) == errc::none);
  CHECK(gone.get_future().wait_for(patience) == std::future_status::ready);
  CHECK(front.connect(node_b).code() == errc::none);
}

TEST_CASE("a disconnect leaves the session of another node of the same actor "
          "system alone") {
  shared_connection w;
  CHECK(w.a.front->disconnect(node_d) == errc::none);
  REQUIRE(w.d.runtime.wait_for_event("nodedown a requested"));
  CHECK_LINES(w.a.runtime.events(),
              {"nodeup d", "down noconnection", "nodedown d requested"});
  // Both directions still work for b, and a can come back.
  w.d.end(w.remote, "boom");
  REQUIRE(w.b.runtime.wait_for_downs(1));
  w.b.runtime.end(w.local[1]);
  CHECK(w.b.front->process_exited(w.local[1], atom("bang")) == errc::none);
  REQUIRE(w.d.runtime.wait_for_downs(2));
  CHECK_LINES(w.b.runtime.events(), {"nodeup d", "down boom"});
  CHECK_LINES(w.d.runtime.events(),
              {"nodeup a", "nodeup b", "down noconnection",
               "nodedown a requested", "down bang"});
  CHECK(w.a.front->connect(node_d).code() == errc::none);
}

TEST_CASE("a node that stops leaves the sessions of another node of its actor "
          "system alone") {
  shared_connection w;
  w.a.impl->stop();
  REQUIRE(w.d.runtime.wait_for_event("nodedown a shutdown"));
  w.b.runtime.end(w.local[1]);
  CHECK(w.b.front->process_exited(w.local[1], atom("bang")) == errc::none);
  REQUIRE(w.d.runtime.wait_for_downs(2));
  CHECK_LINES(w.d.runtime.events(),
              {"nodeup a", "nodeup b", "down noconnection",
               "nodedown a shutdown", "down bang"});
  CHECK_LINES(w.b.runtime.events(), {"nodeup d"});
}

TEST_CASE("the last session of an actor system takes the connection with it") {
  shared_connection w;
  auto remote = w.system.middleman().remote_actor("127.0.0.1",
                                                  w.d.impl->port());
  REQUIRE(remote);
  std::promise<void> gone;
  (*remote)->attach_functor([&] { gone.set_value(); });
  CHECK(w.a.front->disconnect(node_d) == errc::none);
  CHECK(w.b.front->disconnect(node_d) == errc::none);
  CHECK(gone.get_future().wait_for(patience) == std::future_status::ready);
}

TEST_CASE("what a process has sent before it ended arrives before its DOWN") {
  callers_config config_a;
  callers_config config_b;
  caf::actor_system system_a{config_a};
  caf::actor_system system_b{config_b};
  auto a = node::attach(system_a, config_of(node_a));
  auto b = node::attach(system_b, config_of(node_b));
  REQUIRE(a);
  REQUIRE(b);
  (*a)->addresses().add(node_b, {"127.0.0.1", (*b)->port()});
  auto front = (*a)->front();
  CHECK(front.connect(node_b).code() == errc::none);
  lines expected;
  for (auto i = 0; i < 100; ++i)
    expected.push_back(std::to_string(i));
  expected.emplace_back("down shutdown");
  for (auto round = 0; round < 20; ++round) {
    // Answers whoever speaks to it, many times, and is gone.
    auto talker = [](caf::event_based_actor* self, pid) -> caf::behavior {
      return {[self](const greeting&) {
        auto to = caf::actor_cast<caf::actor>(self->current_sender());
        for (auto i = 0; i < 100; ++i)
          self->send(to, greeting{std::to_string(i)});
        self->quit(caf::exit_reason::user_shutdown);
      }};
    };
    auto target = (*b)->processes().spawn(
      [&](pid own) { return system_b.spawn(talker, own); });
    REQUIRE(target);
    auto handle = (*b)->processes().find(*target);
    system_b.registry().put(caf::atom("talker"),
                            caf::actor_cast<caf::strong_actor_ptr>(handle));
    // Found over the connection that the nodes have made.
    auto remote = caf::actor_cast<caf::actor>(
      system_a.middleman().remote_lookup(caf::atom("talker"), system_b.node()));
    system_b.registry().erase(caf::atom("talker"));
    REQUIRE(remote);
    lines heard;
    auto complete = std::make_shared<std::promise<void>>();
    auto listener = [&](caf::event_based_actor* self, pid) -> caf::behavior {
      return {[&heard](const greeting& x) { heard.push_back(x.text); },
              [&heard, self, complete](const down& x) {
                heard.push_back("down " + to_string(x.reason));
                self->quit();
                complete->set_value();
              }};
    };
    auto watcher = (*a)->processes().spawn(
      [&](pid own) { return system_a.spawn(listener, own); });
    REQUIRE(watcher);
    CHECK(front.monitor(*watcher, *target));
    CHECK(front.sync(node_b, patience) == errc::none);
    caf::send_as((*a)->processes().find(*watcher), remote, greeting{"begin"});
    REQUIRE(complete->get_future().wait_for(patience)
            == std::future_status::ready);
    CHECK_LINES(heard, (expected));
  }
}
