// Nodes whose processes are actors, in a cluster.

#include "tests/testkit/actors/watching_actor.hpp"
#include "tests/testkit/finding.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace vigil;
using namespace vigil::test;

// -- monitors -----------------------------------------------------------------

TEST_CASE("an actor's end is its watcher's DOWN, with the true reason") {
  testkit::run(
    [](testkit::cluster& c) {
      auto& a = c.start_actors(node_a).node();
      auto& b = c.start_actors(node_b).node();
      auto object = add_worker(b);
      notes seen;
      add_watcher(a, object, seen);
      REQUIRE(c.run_until(
        [&] { return !b.front().monitored_by(object)->watchers.empty(); }));
      caf::anon_send(b.processes().find(object), std::string{"boom"});
      c.settle();
      CHECK(seen == notes{"DOWN boom"});
    },
    {1, 20});
}

TEST_CASE("a cut link gives an actor one DOWN") {
  testkit::run(
    [](testkit::cluster& c) {
      auto& a = c.start_actors(node_a).node();
      auto& b = c.start_actors(node_b).node();
      auto object = add_worker(b);
      notes seen;
      add_watcher(a, object, seen);
      REQUIRE(c.run_until([&] { return a.front().is_connected(node_b); }));
      auto before = c.now();
      c.cut(node_a, node_b);
      REQUIRE(c.run_until([&] { return !seen.empty(); }));
      CHECK(seen == notes{"DOWN noconnection"});
      // That takes what it takes with sockets.
      CHECK(c.now() - before > 5s);
      c.heal(node_a, node_b);
      caf::anon_send(b.processes().find(object), std::string{"boom"});
      c.run_for(30s);
      CHECK(seen.size() == 1);
    },
    {1, 20});
}

TEST_CASE("an actor monitors by a message to its control plane") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a);
    auto& b = c.start_actors(node_b);
    auto object = add_worker(b.node());
    auto watcher = add_worker(a.node());
    auto ref = a.request<reference>(a.node().control_plane(), 1s,
                                    monitor_request{object, watcher});
    if (!ref)
      FAIL(a.node().system().render(ref.error()));
    CHECK(a.node().front().sync(node_b, 1s) == errc::none);
    caf::anon_send(b.node().processes().find(object), std::string{"boom"});
    c.expect_down(watcher, *ref, boom());
  });
}

TEST_CASE("nodes of a runtime and of actors monitor each other") {
  class silent_runtime final : public runtime {
  public:
    explicit silent_runtime(const runtime_front&) {
      // nop
    }

    bool alive(const pid&) const noexcept override {
      return true;
    }

    std::optional<pid> whereis(const process_name&) const noexcept override {
      return std::nullopt;
    }

    void deliver(const down_notice*, size_t) noexcept override {
      // nop
    }

    void remove_down(const pid&, reference) noexcept override {
      // nop
    }
  };
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start<silent_runtime>(node_a);
    auto& b = c.start_actors(node_b).node();
    auto object = add_worker(b);
    auto watcher = a.front().new_pid();
    auto ref = a.front().monitor(watcher, object).value();
    REQUIRE(a.front().sync(node_b, 1s) == errc::none);
    c.kill(node_b);
    c.expect_down(watcher, ref, exit_reason::noconnection());
  });
}

// -- time and turns -----------------------------------------------------------

TEST_CASE("a request of the test is answered") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a);
    auto adder = a.node().system().spawn(worker, 2);
    CHECK(a.request<int>(adder, 1s, 40) == 42);
    CHECK(a.request<int>(adder, timespan::max(), 40) == 42);
    CHECK(a.request<void>(adder, 1s, down{}));
    CHECK(!a.request<int>(adder, 1s, 0.5));
  });
}

TEST_CASE("a request that nobody answers times out, in virtual time") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a);
    auto mute = a.node().system().spawn(
      [](caf::event_based_actor* self, int) -> caf::behavior {
        auto pending = std::make_shared<caf::response_promise>();
        return {[self, pending](int) {
          *pending = self->make_response_promise();
          return *pending;
        }};
      },
      0);
    auto before = c.now();
    auto answer = a.request<int>(mute, 2h, 40);
    REQUIRE(!answer);
    CHECK(answer.error() == caf::sec::request_timeout);
    CHECK(c.now() - before == 2h);
  });
}

TEST_CASE("a request of a node that has ended, or ends meanwhile, says so") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a);
    auto adder = a.node().system().spawn(worker, 2);
    auto before = c.now();
    c.at(10ms, [&c] { c.kill(node_a); });
    auto mute = a.node().system().spawn(
      [](caf::event_based_actor* self, int) -> caf::behavior {
        self->set_default_handler(caf::skip);
        return {[](const std::string&) {}};
      },
      0);
    auto unanswered = a.request<int>(mute, 1h, 40);
    REQUIRE(!unanswered);
    CHECK(unanswered.error() == errc::shutdown);
    CHECK(c.now() - before == 10ms);
    auto late = a.request<int>(adder, 1s, 40);
    REQUIRE(!late);
    CHECK(late.error() == errc::shutdown);
  });
}

TEST_CASE("actors' clocks show the time of the cluster") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a).node();
    notes seen;
    auto listener = a.system().spawn(
      [&seen, &c](caf::event_based_actor* self, int) -> caf::behavior {
        self->delayed_send(self, 10min, std::string{"later"});
        return {[&seen, &c, self](const std::string& x) {
          CHECK(self->clock().now() == c.now());
          seen.push_back(x);
        }};
      },
      0);
    caf::delayed_anon_send(listener, 5min, std::string{"sooner"});
    c.run_for(299s);
    CHECK(seen.empty());
    c.run_for(1s);
    CHECK(seen == notes{"sooner"});
    c.run_for(5min);
    CHECK(seen == notes{"sooner", "later"});
  });
}

TEST_CASE("what others plan for an actor comes when it is due") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a).node();
    notes seen;
    auto listener = a.system().spawn(listening, &seen);
    c.at(1s,
         [&] { caf::delayed_anon_send(listener, 1s, std::string{"planned"}); });
    c.run_for(1999ms);
    CHECK(seen.empty());
    c.run_for(1ms);
    CHECK(seen == notes{"planned"});
    // Within one call, in which the test does not look at the node.
    c.at(1s,
         [&] { caf::delayed_anon_send(listener, 1s, std::string{"again"}); });
    c.run_for(3s);
    CHECK(seen == notes{"planned", "again"});
  });
}

TEST_CASE("a node that is paused does nothing, and then what was due") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start_actors(node_a).node();
    notes seen;
    auto listener = a.system().spawn(listening, &seen);
    caf::delayed_anon_send(listener, 1s, std::string{"due"});
    caf::anon_send(listener, std::string{"sent"});
    c.pause(node_a);
    c.run_for(1min);
    CHECK(seen.empty());
    c.resume(node_a);
    c.settle();
    CHECK(seen == notes{"sent", "due"});
  });
}

TEST_CASE("the seed draws who runs next") {
  std::set<notes> orders;
  testkit::run(
    [&](testkit::cluster& c) {
      auto& a = c.start_actors(node_a).node();
      notes seen;
      auto speak = [&seen](caf::event_based_actor* self,
                           const std::string& what) {
        seen.push_back(what);
        self->quit();
        return caf::behavior{[](int) {}};
      };
      for (auto name : {"x", "y", "z"})
        a.system().spawn(speak, name);
      c.settle();
      CHECK(seen.size() == 3);
      orders.insert(seen);
    },
    {1, 100});
  CHECK(orders.size() == 6);
}
