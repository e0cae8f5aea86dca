// Handles of actors on other nodes, over the cluster's network.

#include "tests/testkit/actors/watching_actor.hpp"
#include "tests/testkit/finding.hpp"

#include <doctest/doctest.h>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Travels between nodes that know it.
struct parcel_note {
  std::string text;
  std::vector<caf::actor> handles;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, parcel_note& x) {
  return f(caf::meta::type_name("parcel_note"), x.text, x.handles);
}

void announce(caf::actor_system_config& config) {
  config.add_message_type<parcel_note>("parcel_note");
}

/// Two nodes, and an actor on each.
struct world {
  explicit world(testkit::cluster& cluster)
    : c(cluster),
      a(c.start_actors(node_a, {}, announce)),
      b(c.start_actors(node_b, {}, announce)) {
    // nop
  }

  caf::actor add_listener(testkit::actor_node& home, notes& out) {
    return home.node().system().spawn(
      [&out](caf::event_based_actor* self, int) -> caf::behavior {
        self->set_down_handler([&out, self](const caf::down_msg& x) {
          out.push_back("down " + self->system().render(x.reason));
        });
        self->set_exit_handler([&out, self](const caf::exit_msg& x) {
          out.push_back("exit " + self->system().render(x.reason));
        });
        return {
          [&out](const std::string& x) { out.push_back(x); },
          [&out, self](const parcel_note& x) {
            out.push_back(x.text);
            for (const auto& y : x.handles)
              self->send(y, std::string{"hello"});
          },
          [self](int) { self->quit(caf::exit_reason::user_shutdown); },
          // Whom to watch.
          [self](const caf::actor& x, bool linked) {
            if (linked)
              self->link_to(x);
            else
              self->monitor(x);
          },
        };
      },
      0);
  }

  testkit::cluster& c;
  testkit::actor_node& a;
  testkit::actor_node& b;
};

} // namespace

TEST_CASE("an actor of another node answers") {
  testkit::run(
    [](testkit::cluster& c) {
      world x{c};
      auto adder = x.b.node().system().spawn(worker, 2);
      auto before = c.now();
      auto far = x.a.remote(adder);
      CHECK(x.a.remote(adder) == far);
      CHECK(x.a.request<int>(far, 1s, 40) == 42);
      // There and back, and the greeting.
      CHECK(c.now() - before > 200us);
      CHECK(x.b.remote(adder) == adder);
    },
    {1, 20});
}

TEST_CASE("a typed handle stays typed") {
  using adder_actor = caf::typed_actor<caf::replies_to<int>::with<int>>;
  testkit::run([](testkit::cluster& c) {
    world x{c};
    auto adder = x.b.node().system().spawn(
      [](adder_actor::pointer, int step) -> adder_actor::behavior_type {
        return {[step](int y) { return y + step; }};
      },
      2);
    CHECK(x.a.request<int>(x.a.remote(adder), 1s, 40) == 42);
  });
}

TEST_CASE(
  "a cut stops what is sent to another node, and a heal lets it go on") {
  testkit::run([](testkit::cluster& c) {
    world x{c};
    notes seen;
    auto far = x.a.remote(x.add_listener(x.b, seen));
    c.cut(node_a, node_b);
    caf::anon_send(far, std::string{"held up"});
    c.run_for(1s);
    CHECK(seen.empty());
    c.heal(node_a, node_b);
    c.run_for(1s);
    CHECK(seen == notes{"held up"});
  });
}

TEST_CASE("with the session ends what was sent in it, and its handles") {
  testkit::run(
    [](testkit::cluster& c) {
      world x{c};
      notes heard;
      notes seen;
      auto target = x.add_listener(x.b, heard);
      auto far = x.a.remote(target);
      auto watcher = x.add_listener(x.a, seen);
      caf::anon_send(watcher, far, false);
      caf::anon_send(watcher, far, true);
      c.settle();
      c.cut(node_a, node_b);
      caf::anon_send(far, std::string{"lost"});
      c.run_for(1min);
      std::sort(seen.begin(), seen.end());
      CHECK(seen
            == notes{"down exit_reason(remote_link_unreachable)",
                     "exit exit_reason(remote_link_unreachable)"});
      c.heal(node_a, node_b);
      REQUIRE(x.a.node().front().connect(node_b));
      c.settle();
      // It was let go of like the one of a connection that is gone.
      caf::anon_send(far, std::string{"too late"});
      c.settle();
      auto fresh = x.a.remote(target);
      caf::anon_send(fresh, std::string{"again"});
      c.settle();
      CHECK(heard
            == notes{"exit exit_reason(remote_link_unreachable)", "again"});
    },
    {1, 20});
}

TEST_CASE("the end of an actor of another node is seen with its reason") {
  testkit::run(
    [](testkit::cluster& c) {
      world x{c};
      notes seen;
      auto target = x.b.node().system().spawn(worker, 1);
      auto watcher = x.add_listener(x.a, seen);
      caf::anon_send(watcher, x.a.remote(target), false);
      c.settle();
      caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
      c.settle();
      CHECK(seen == notes{"down exit_reason(user_shutdown)"});
      // One that has ended already is seen as such.
      caf::anon_send(watcher, x.a.remote(target), false);
      c.settle();
      CHECK(seen.size() == 2);
    },
    {1, 20});
}

TEST_CASE("a link leads to the other node") {
  testkit::run(
    [](testkit::cluster& c) {
      world x{c};
      notes near;
      notes far;
      auto here = x.add_listener(x.a, near);
      caf::anon_send(here, x.a.remote(x.add_listener(x.b, far)), true);
      c.settle();
      caf::anon_send(here, 1);
      c.settle();
      // Of the end of the actor, and of that of the handle for it there.
      CHECK(far
            == notes{"exit exit_reason(user_shutdown)",
                     "exit exit_reason(user_shutdown)"});
    },
    {1, 20});
}

TEST_CASE("what a process sends before it ends comes before its DOWN") {
  testkit::run(
    [](testkit::cluster& c) {
      world x{c};
      auto& a = x.a.node();
      auto& b = x.b.node();
      notes seen;
      caf::actor outlet;
      auto object
        = b.processes()
            .spawn([&](pid) {
              return b.system().spawn(
                [&outlet](caf::event_based_actor* self, int) -> caf::behavior {
                  return {[self, &outlet](int count) {
                    for (int i = 0; i < count; ++i)
                      self->send(outlet, std::to_string(i));
                    self->quit(to_error(boom()));
                  }};
                },
                0);
            })
            .value();
      auto watcher = add_watcher(a, object, seen);
      c.settle();
      outlet = x.b.remote(a.processes().find(watcher));
      caf::anon_send(b.processes().find(object), 3);
      c.settle();
      CHECK(seen == notes{"0", "1", "2", "DOWN boom"});
    },
    {1, 200});
}

TEST_CASE("what was not announced arrives empty, as over sockets") {
  // Either end may lack it.
  for (auto a_knows : {true, false})
    testkit::run([a_knows](testkit::cluster& c) {
      auto nothing = [](caf::actor_system_config&) {};
      using configurator = std::function<void(caf::actor_system_config&)>;
      auto& a = c.start_actors(node_a, {},
                               a_knows ? configurator{announce} : nothing);
      auto& b = c.start_actors(node_b, {},
                               a_knows ? configurator{nothing} : announce);
      notes seen;
      auto target = b.node().system().spawn(
        [&seen](caf::event_based_actor* self, int) -> caf::behavior {
          self->set_default_handler(
            [&seen](caf::scheduled_actor*,
                    caf::message_view& x) -> caf::result<caf::message> {
              seen.push_back(x.content().empty() ? "empty" : "full");
              return caf::sec::unexpected_message;
            });
          return {[&seen](const parcel_note& x) { seen.push_back(x.text); }};
        },
        0);
      caf::anon_send(a.remote(target), parcel_note{"over the network", {}});
      caf::anon_send(target, parcel_note{"past it", {}});
      c.settle();
      std::sort(seen.begin(), seen.end());
      CHECK(seen == notes{"empty", "past it"});
    });
}

TEST_CASE("a request to a control plane does not leave its node") {
  testkit::run([](testkit::cluster& c) {
    world x{c};
    auto plane = x.b.node().control_plane();
    auto far = x.a.remote(caf::actor_cast<caf::actor>(plane));
    auto answer = x.a.request<node_list>(far, 1s, nodes_request{});
    REQUIRE(!answer);
    CHECK(vigil_error(answer.error())->code == errc::bad_argument);
  });
}

TEST_CASE("handles that are sent along lead over the network too") {
  testkit::run(
    [](testkit::cluster& c) {
      world x{c};
      auto& third = c.start_actors(node_c, {}, announce);
      notes near;
      notes far;
      notes farthest;
      auto here = x.add_listener(x.a, near);
      auto there = x.add_listener(x.b, far);
      auto beyond = x.add_listener(third, farthest);
      // The session with the third comes later than the handle for it.
      auto via = x.b.remote(here);
      caf::anon_send(via, parcel_note{"early", {x.b.remote(beyond)}});
      c.settle();
      CHECK(near == notes{"early"});
      CHECK(farthest.empty());
      REQUIRE(x.a.node().front().connect(node_c));
      caf::anon_send(via,
                     parcel_note{"late", {x.b.remote(beyond), here, there}});
      c.settle();
      CHECK(near == notes{"early", "late", "hello"});
      CHECK(far == notes{"hello"});
      CHECK(farthest == notes{"hello"});
    },
    {1, 20});
}

TEST_CASE("a handle that was there before the session tells of an end too") {
  testkit::run(
    [](testkit::cluster& c) {
      world x{c};
      auto& third = c.start_actors(node_c, {}, announce);
      notes seen;
      notes beyond;
      auto target = x.add_listener(third, beyond);
      auto watcher = x.add_listener(x.a, seen);
      // Lets the watcher watch what it is told of, while no session leads
      // there.
      auto keeper = x.a.node().system().spawn(
        [watcher](caf::event_based_actor* self, int) -> caf::behavior {
          return {[self, watcher](const parcel_note& note) {
            self->send(watcher, note.handles.front(), false);
          }};
        },
        0);
      caf::anon_send(x.b.remote(keeper), parcel_note{"", {x.b.remote(target)}});
      c.settle();
      REQUIRE(x.a.node().front().connect(node_c));
      c.settle();
      caf::anon_send(target, 1);
      c.settle();
      CHECK(seen == notes{"down exit_reason(user_shutdown)"});
    },
    {1, 20});
}

TEST_CASE("a node that is restarted is another for those with old handles") {
  testkit::run(
    [](testkit::cluster& c) {
      world x{c};
      notes heard;
      auto target = x.add_listener(x.b, heard);
      auto far = x.a.remote(target);
      c.restart(node_b);
      CHECK(x.a.node().front().connect(node_b));
      c.settle();
      caf::anon_send(far, std::string{"to the dead"});
      c.settle();
      CHECK(heard.empty());
      auto found = x.add_listener(x.b, heard);
      caf::anon_send(x.a.remote(found), std::string{"to the living"});
      c.settle();
      CHECK(heard == notes{"to the living"});
    },
    {1, 20});
}

TEST_CASE("a handle that leads nowhere is a failure") {
  says(finding([](testkit::cluster& c) {
         world x{c};
         x.a.remote(caf::actor{});
       }),
       "a handle to no actor has no node");
  says(finding([](testkit::cluster& c) {
         world x{c};
         auto target = x.b.node().system().spawn(worker, 1);
         c.kill(node_b);
         x.a.remote(target);
       }),
       "there is no connection from a to b");
}
