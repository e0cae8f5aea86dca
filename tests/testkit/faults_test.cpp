// What a test can do to the nodes of a cluster, and what their watchers hear.

#include "tests/testkit/finding.hpp"
#include "tests/testkit/plain_runtime.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A process of a monitors one of b, and b knows.
struct watching_pair {
  explicit watching_pair(testkit::cluster& c)
    : a(c.start<plain_runtime>(node_a)),
      b(c.start<plain_runtime>(node_b)),
      watcher(a.runtime<plain_runtime>().spawn()),
      object(b.runtime<plain_runtime>().spawn()),
      ref(a.front().monitor(watcher, object).value()) {
    c.expect(a.front().sync(node_b, 1s) == errc::none, "b has the monitor");
  }

  down_cause last_cause() const {
    return a.runtime<plain_runtime>().node_events().back().cause;
  }

  testkit::runtime_node& a;
  testkit::runtime_node& b;
  pid watcher;
  pid object;
  reference ref;
};

/// Does something to a pair, for 50 seeds; the monitor ends by it.
template <class F>
void lose(F f, timespan least, timespan most) {
  testkit::run(
    [&](testkit::cluster& c) {
      watching_pair x{c};
      auto before = c.now();
      f(c, x);
      c.expect_down(x.watcher, x.ref, exit_reason::noconnection());
      CHECK(c.now() - before >= least);
      CHECK(c.now() - before <= most);
    },
    {1, 50});
}

} // namespace

TEST_CASE("an end is told with its reason") {
  testkit::run(
    [](testkit::cluster& c) {
      watching_pair x{c};
      x.b.runtime<plain_runtime>().exit(x.object, boom());
      c.expect_down(x.watcher, x.ref, boom());
    },
    {1, 100});
}

TEST_CASE("a cut link gives one DOWN, by silence") {
  lose([](auto& c, auto&) { c.cut(node_a, node_b); }, 5s, 12s);
}

TEST_CASE("a node that is killed is missed at once, one without power late") {
  lose([](auto& c, auto&) { c.kill(node_b); }, 0s, 10ms);
  lose([](auto& c, auto&) { c.power_off(node_b); }, 5s, 12s);
}

TEST_CASE("a node that stops says goodbye") {
  lose(
    [](auto& c, auto& x) {
      c.stop(node_b);
      c.settle();
      CHECK(x.last_cause() == down_cause::shutdown);
    },
    0s, 2s);
}

TEST_CASE("a connection that is reset, or cut in one direction") {
  lose([](auto& c, auto&) { c.drop_connection(node_a, node_b); }, 0s, 10ms);
  lose([](auto& c, auto&) { c.cut_one_way(node_b, node_a); }, 5s, 12s);
}

TEST_CASE("a node that is paused for long is lost, for a moment is not") {
  lose([](auto& c, auto&) { c.pause(node_b); }, 5s, 12s);
  testkit::run(
    [](testkit::cluster& c) {
      watching_pair x{c};
      c.pause(node_b);
      c.run_for(1s);
      c.resume(node_b);
      x.b.runtime<plain_runtime>().exit(x.object, boom());
      c.expect_down(x.watcher, x.ref, boom());
    },
    {1, 50});
}

TEST_CASE("a cut that is healed in time costs nothing, and a delay only time") {
  testkit::run(
    [](testkit::cluster& c) {
      watching_pair x{c};
      c.cut(node_a, node_b);
      c.at(1s, [&] { c.heal_all(); });
      x.b.runtime<plain_runtime>().exit(x.object, boom());
      c.expect_down(x.watcher, x.ref, boom());
      c.delay(node_a, node_b, 100ms);
      auto before = c.now();
      c.expect(x.a.front().sync(node_b, 1s) == errc::none, "there and back");
      CHECK(c.now() - before >= 200ms);
    },
    {1, 50});
}

TEST_CASE("a node that is started again is another life of it") {
  testkit::run(
    [](testkit::cluster& c) {
      watching_pair x{c};
      c.restart(node_b);
      CHECK(x.b.front().life() != x.object.life);
      c.expect_down(x.watcher, x.ref, exit_reason::noconnection());
      // Of its former processes none is there.
      auto again = x.a.front().monitor(x.watcher, x.object).value();
      c.expect_down(x.watcher, again, exit_reason::noproc());
      auto fresh = x.b.runtime<plain_runtime>().spawn();
      auto ref = x.a.front().monitor(x.watcher, fresh).value();
      c.expect(x.a.front().sync(node_b, 1s) == errc::none, "b has the monitor");
      x.b.runtime<plain_runtime>().exit(fresh, boom());
      c.expect_down(x.watcher, ref, boom());
    },
    {1, 50});
}

TEST_CASE("in bad weather every monitor ends all the same") {
  testkit::run_options options{1, 50};
  options.faults = {100, 20, 50};
  testkit::run(
    [](testkit::cluster& c) {
      auto& a = c.start<plain_runtime>(node_a);
      auto& b = c.start<plain_runtime>(node_b);
      auto& watching = a.runtime<plain_runtime>();
      auto& watched = b.runtime<plain_runtime>();
      auto watcher = watching.spawn();
      for (auto i = 0; i < 20; ++i) {
        auto object = watched.spawn();
        CHECK(a.front().monitor(watcher, object));
        c.run_for(timespan{static_cast<int64_t>(c.random(10'000'000))});
        watched.exit(object, boom());
      }
      c.run_for(1min);
      size_t downs = 0;
      while (watching.receive(watcher))
        ++downs;
      CHECK(downs == 20);
    },
    options);
}

TEST_CASE("what goes the other way passes a cut in one direction") {
  testkit::run([](testkit::cluster& c) {
    watching_pair x{c};
    c.cut_one_way(node_a, node_b);
    x.b.runtime<plain_runtime>().exit(x.object, boom());
    c.expect_down(x.watcher, x.ref, boom(), 10ms);
  });
}

TEST_CASE("all cuts can be healed at once, and what waited arrives") {
  testkit::run([](testkit::cluster& c) {
    watching_pair x{c};
    c.cut(node_a, node_b);
    x.b.runtime<plain_runtime>().exit(x.object, boom());
    c.run_for(1s);
    c.heal_all();
    auto before = c.now();
    c.expect_down(x.watcher, x.ref, boom());
    // Without a new message from anybody.
    CHECK(c.now() - before <= 1ms);
  });
}

TEST_CASE("a peer under a wrong name is known to the network by its own") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    node_config config;
    config.name = node_b;
    auto& mallory = c.start<plain_runtime>("mallory@h"_node, config);
    CHECK(mallory.name() == "mallory@h"_node);
    CHECK(mallory.front().self() == node_b);
    // Nobody listens as b, but who dials is believed.
    CHECK_FALSE(a.front().connect(node_b));
    CHECK(mallory.front().connect(node_a));
    c.settle();
    CHECK(a.front().is_connected(node_b));
  });
}

TEST_CASE("what may not be done is a failure that says so") {
  auto foreign = finding([](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    auto process = a.runtime<plain_runtime>().spawn();
    std::thread{[&] {
      a.runtime<plain_runtime>().exit(process, boom());
    }}.join();
    c.run_for(1s);
  });
  CHECK(foreign.find("by another thread than that of the test")
        != std::string::npos);
  class waiting_runtime : public plain_runtime {
  public:
    using plain_runtime::plain_runtime;

    void deliver(const down_notice*, size_t) noexcept override {
      nodes->run_for(1s);
      // From here it takes effect later.
      nodes->kill(node_a);
    }

    testkit::cluster* nodes = nullptr;
  };
  auto waiting = finding([](testkit::cluster& c) {
    auto& a = c.start<waiting_runtime>(node_a);
    auto& x = a.runtime<waiting_runtime>();
    x.nodes = &c;
    auto process = x.spawn();
    CHECK(a.front().monitor(x.spawn(), process));
    x.exit(process, boom());
    c.run_for(1s);
  });
  CHECK(waiting.find("was called in a callback of vigil's")
        != std::string::npos);
  auto unknown = finding([](testkit::cluster& c) { c.kill(node_c); });
  CHECK(unknown.find("there is no node c@h in this cluster")
        != std::string::npos);
  auto twice = finding([](testkit::cluster& c) {
    c.start<plain_runtime>(node_a);
    c.start<plain_runtime>(node_a);
  });
  CHECK(twice.find("there is a node a@h already") != std::string::npos);
  auto refused = finding([](testkit::cluster& c) {
    node_config config;
    config.net_ticktime = 1ms;
    c.start<plain_runtime>(node_a, config);
  });
  CHECK(refused.find("net-ticktime is at least 400ms") != std::string::npos);
}
