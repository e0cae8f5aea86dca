// A runtime whose processes the cluster runs, and calls that wait.

#include "tests/testkit/plain_runtime.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

using namespace vigil;
using namespace vigil::test;

namespace {

/// Runs one piece of work of its processes at a time, when it is told to.
class driven_runtime final : public plain_runtime, public testkit::scheduler {
public:
  using plain_runtime::plain_runtime;

  void schedule(std::function<void()> what) {
    work_.push_back(std::move(what));
  }

  void schedule_at(time_point when, std::function<void()> what) {
    due_ = when;
    late_ = std::move(what);
  }

  size_t ready() const override {
    return work_.size();
  }

  void run_one(size_t choice) override {
    auto place = work_.begin() + static_cast<std::ptrdiff_t>(choice);
    auto what = std::move(*place);
    work_.erase(place);
    what();
  }

  std::optional<time_point> next_due() const override {
    return due_;
  }

  void advance(time_point now) override {
    if (!due_ || now < *due_)
      return;
    due_.reset();
    schedule(std::move(late_));
  }

private:
  std::vector<std::function<void()>> work_;
  std::optional<time_point> due_;
  std::function<void()> late_;
};

} // namespace

TEST_CASE("the seed chooses which process runs next, and all do") {
  std::set<std::string> orders;
  testkit::run(
    [&](testkit::cluster& c) {
      auto& x = c.start<driven_runtime>(node_a).runtime<driven_runtime>();
      std::string order;
      for (auto name : {'p', 'q', 'r'})
        x.schedule([&order, name] { order += name; });
      c.settle();
      auto sorted = order;
      std::sort(sorted.begin(), sorted.end());
      CHECK(sorted == "pqr");
      orders.insert(order);
    },
    {1, 100});
  CHECK(orders.size() == 6);
}

TEST_CASE("a timer of a runtime comes when it is due") {
  testkit::run([](testkit::cluster& c) {
    auto& x = c.start<driven_runtime>(node_a).runtime<driven_runtime>();
    auto start = c.now();
    std::optional<time_point> ran;
    x.schedule_at(start + 3s, [&] { ran = c.now(); });
    CHECK_FALSE(c.run_until([&] { return ran.has_value(); }, 2s));
    CHECK(c.run_until([&] { return ran.has_value(); }, 2s));
    CHECK(*ran == start + 3s);
  });
}

TEST_CASE("a process may wait, and its node goes on meanwhile") {
  testkit::run(
    [](testkit::cluster& c) {
      auto& a = c.start<driven_runtime>(node_a);
      c.start<plain_runtime>(node_b);
      auto connected = false;
      auto& x = a.runtime<driven_runtime>();
      x.schedule([&] { connected = a.front().connect(node_b).has_value(); });
      CHECK(c.run_until([&] { return connected; }, 1s));
    },
    {1, 50});
}

TEST_CASE("more monitors than the queue holds are taken without time passing") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    auto& x = a.runtime<plain_runtime>();
    auto watcher = x.spawn();
    auto object = x.spawn();
    auto before = c.now();
    for (auto i = 0; i < 20'000; ++i)
      if (!a.front().monitor(watcher, object))
        FAIL("no room");
    CHECK(c.now() == before);
    x.exit(object, boom());
    c.settle();
    size_t downs = 0;
    while (x.receive(watcher))
      ++downs;
    CHECK(downs == 20'000);
  });
}

TEST_CASE("a monitor on a peer that is full waits until that is lost") {
  testkit::run([](testkit::cluster& c) {
    node_config config;
    config.max_backlog = 64 * 1024;
    auto& a = c.start<plain_runtime>(node_a, config);
    auto& b = c.start<plain_runtime>(node_b);
    auto watcher = a.runtime<plain_runtime>().spawn();
    auto object = b.runtime<plain_runtime>().spawn();
    c.expect(a.front().connect(node_b).has_value(), "connected");
    c.pause(node_b);
    auto before = c.now();
    while (a.front().is_connected(node_b))
      if (!a.front().monitor(watcher, object))
        FAIL("no room");
    CHECK(c.now() - before > 5s);
  });
}

TEST_CASE("a monitor that waits for a node that is paused for ever is a "
          "failure after an hour, and so is a question") {
  auto finding = [](auto use) -> std::string {
    try {
      testkit::run([&](testkit::cluster& c) {
        auto& a = c.start<plain_runtime>(node_a);
        auto& b = c.start<plain_runtime>(node_b);
        c.expect(b.front().connect(node_a).has_value(), "connected");
        c.pause(node_a);
        use(a);
      });
    } catch (const testkit::failure& x) {
      return x.what();
    }
    return {};
  };
  auto full = finding([](testkit::runtime_node& a) {
    auto process = a.runtime<plain_runtime>().spawn();
    while (a.front().monitor(process, process)) {
      // Until there is no room.
    }
  });
  CHECK(full.find("a: a monitor has waited for an hour for room")
        != std::string::npos);
  auto asked = finding([](testkit::runtime_node& a) {
    static_cast<void>(a.front().nodes());
    FAIL("the test went on");
  });
  CHECK(asked.find("a call has waited for an hour") != std::string::npos);
}

TEST_CASE("a limit may be as long as there is time") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    auto done = false;
    c.at(1s, [&] { done = true; });
    CHECK(c.run_until([&] { return done; }, timespan::max()));
    CHECK(a.front().sync(node_b, timespan::max()) == errc::no_connection);
  });
}

TEST_CASE("questions are answered, and limits are of virtual time") {
  testkit::run([](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    auto& b = c.start<plain_runtime>(node_b);
    auto watcher = a.runtime<plain_runtime>().spawn();
    auto object = b.runtime<plain_runtime>().spawn();
    auto ref = a.front().monitor(watcher, object).value();
    c.expect(a.front().sync(node_b, 1s) == errc::none, "b has the monitor");
    CHECK(a.front().monitors(watcher)->monitors.size() == 1);
    CHECK(b.front().monitored_by(object)->watchers.size() == 1);
    CHECK(a.front().nodes()->nodes == std::vector<node_name>{node_b});
    CHECK(a.front().stats());
    c.cut(node_a, node_b);
    auto before = c.now();
    CHECK(a.front().sync(node_b, 2s) == errc::busy);
    CHECK(c.now() - before == 2s);
    c.heal(node_a, node_b);
    CHECK(a.front().disconnect(node_b) == errc::none);
    c.expect_down(watcher, ref, exit_reason::noconnection());
    c.kill(node_a);
    CHECK(a.front().connect(node_b).code() == errc::shutdown);
  });
}
