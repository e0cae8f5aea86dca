// How nodes of actors, and the actors on them, end; and what must not be done.

#include "tests/testkit/actors/watching_actor.hpp"
#include "tests/testkit/finding.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace vigil;
using namespace vigil::test;

// -- ends ---------------------------------------------------------------------

TEST_CASE("a stop tells the processes, and kills those that stay") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a).node();
    notes seen;
    auto polite = [&seen](caf::event_based_actor* self, int) -> caf::behavior {
      self->attach_functor([&seen](const caf::error& why) {
        seen.push_back("polite " + to_string(exit_reason_of(why)));
      });
      return {[](int) {}};
    };
    auto stubborn = [&seen](caf::event_based_actor* self,
                            int) -> caf::behavior {
      self->set_exit_handler([](caf::exit_msg&) {});
      self->attach_functor([&seen](const caf::error& why) {
        seen.push_back("stubborn " + to_string(exit_reason_of(why)));
      });
      return {[](int) {}};
    };
    REQUIRE(a.processes().add(a.system().spawn(polite, 0)));
    REQUIRE(a.processes().add(a.system().spawn(stubborn, 0)));
    c.settle();
    auto before = c.now();
    a.stop();
    CHECK(seen == notes{"polite shutdown", "stubborn killed"});
    CHECK(c.now() - before == 1s);
    // It leaves nothing under way.
    c.settle();
    CHECK(c.now() - before == 1s);
    CHECK(a.processes().add(a.system().spawn(worker, 1)).code()
          == errc::shutdown);
    CHECK(a.front().connect(node_b).code() == errc::shutdown);
    // Once more is no harm.
    a.stop();
    c.stop(node_a);
  });
}

TEST_CASE("peers of a node that stops learn of it at once") {
  testkit::run(
    [](testkit::cluster& c) {
      auto& a = c.start_actors(node_a).node();
      auto& b = c.start_actors(node_b).node();
      auto object = add_worker(b);
      notes seen;
      add_watcher(a, object, seen);
      REQUIRE(c.run_until([&] { return a.front().is_connected(node_b); }));
      b.stop();
      c.settle();
      CHECK(seen == notes{"DOWN noconnection"});
    },
    {1, 20});
}

TEST_CASE("an actor that is killed with its node does nothing any more") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a);
    notes seen;
    auto tick = [&seen](caf::event_based_actor* self, int) -> caf::behavior {
      self->delayed_send(self, 1s, 1);
      self->attach_functor(
        [&seen](const caf::error&) { seen.push_back("ended"); });
      return {[self, &seen](int) {
        seen.push_back("tick");
        self->delayed_send(self, 1s, 1);
      }};
    };
    auto& first = a.node();
    REQUIRE(first.processes().add(first.system().spawn(tick, 0)));
    c.run_for(2s);
    c.kill(node_a);
    c.run_for(10s);
    CHECK(seen == notes{"tick", "tick"});
    c.restart(node_a);
    CHECK(&a.node() != &first);
    CHECK(a.node().life() != first.life());
    CHECK(first.processes().add(first.system().spawn(tick, 0)).code()
          == errc::shutdown);
    REQUIRE(a.node().processes().add(a.node().system().spawn(tick, 0)));
    c.run_for(1s);
    CHECK(seen == notes{"tick", "tick", "tick"});
  });
}

TEST_CASE("a handler may kill nodes, also its own") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a).node();
    auto& b = c.start_actors(node_b).node();
    REQUIRE(a.front().connect(node_b));
    auto fatal = a.system().spawn(
      [&c](caf::event_based_actor*, int) -> caf::behavior {
        return {[&c](int) {
          c.kill(node_b);
          c.kill(node_a);
        }};
      },
      0);
    caf::anon_send(fatal, 1);
    c.settle();
    CHECK(a.front().connect(node_b).code() == errc::shutdown);
    CHECK(b.front().connect(node_a).code() == errc::shutdown);
  });
}

TEST_CASE("actors that hold each other go with their cluster") {
  auto alive = std::make_shared<int>(0);
  testkit::run([&](testkit::cluster& c) {
    auto& a = c.start_actors(node_a).node();
    auto holder = [alive](caf::event_based_actor*, int) -> caf::behavior {
      auto other = std::make_shared<caf::actor>();
      return {[alive, other](const caf::actor& x) { *other = x; }};
    };
    auto x = a.system().spawn(holder, 0);
    auto y = a.system().spawn(holder, 0);
    caf::anon_send(x, y);
    caf::anon_send(y, x);
    c.settle();
    CHECK(alive.use_count() > 2);
  });
  CHECK(alive.use_count() == 1);
}

TEST_CASE("nothing is told of actors that are left when the body returns") {
  int told = 0;
  testkit::run([&](testkit::cluster& c) {
    auto& a = c.start_actors(node_a);
    auto& b = c.start_actors(node_b);
    auto attached = [&told](caf::event_based_actor* self,
                            const caf::actor& other) -> caf::behavior {
      auto count = [&told](const caf::error&) { ++told; };
      self->attach_functor(count);
      if (other != nullptr) {
        other->attach_functor(count);
        self->link_to(other);
      }
      return {[](int) {}};
    };
    auto process = [&](testkit::actor_node& home, const caf::actor& other) {
      auto result = home.node().system().spawn(attached, other);
      home.node().processes().add(result).value();
      return result;
    };
    auto object = process(b, caf::actor{});
    process(a, a.remote(object));
    // Planned, waiting in a mailbox, and killed with its node.
    caf::delayed_anon_send(a.node().system().spawn(attached, caf::actor{}), 1h,
                           1);
    caf::anon_send(a.node().system().spawn(attached, caf::actor{}), 1);
    c.settle();
    c.kill(node_b);
    told = 0;
  });
  CHECK(told == 0);
}

// -- mistakes -----------------------------------------------------------------

TEST_CASE("a handler that waits is a failure") {
  auto found = finding([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a).node();
    c.start_actors(node_b);
    auto waiting = a.system().spawn(
      [&a](caf::event_based_actor*, int) -> caf::behavior {
        return {
          [&a](int) { CHECK(a.front().connect(node_b).code() == errc::busy); }};
      },
      0);
    caf::anon_send(waiting, 1);
    c.settle();
  });
  says(found, "what asks an actor was called in a handler of an actor, which "
              "would block a thread of its scheduler");
}

TEST_CASE("an actor with a thread of its own is a failure") {
  auto found = finding([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a).node();
    a.system().spawn<caf::detached>(worker, 1);
    c.run_for(1s);
  });
  says(found, "a: an actor has a thread of its own");
}

TEST_CASE("what a handler expects ends the run once it has returned") {
  bool returned = false;
  auto found = finding([&](testkit::cluster& c) {
    auto& a = c.start_actors(node_a).node();
    auto expecting = a.system().spawn(
      [&](caf::event_based_actor*, int) -> caf::behavior {
        return {[&](int) {
          c.expect(false, "better");
          returned = true;
        }};
      },
      0);
    caf::anon_send(expecting, 1);
    c.run_for(1s);
    FAIL("the run went on");
  });
  says(found, "expected: better");
  CHECK(returned);
}

TEST_CASE("a runtime in the configuration of a node of actors is refused") {
  class process_registry other;
  auto found = finding([&](testkit::cluster& c) {
    node_config config;
    config.runtime = &other;
    c.start_actors(node_a, config);
  });
  says(found, "a node cannot start");
}

TEST_CASE("modules that a configuration loads are left out") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a, {},
                             [](auto& config) { configure(config); });
    CHECK(!a.node().system().has_middleman());
    CHECK(!node::attach(a.node().system(), {}));
  });
}
