// The mistakes that a runtime can make: each is found in the first seed, and
// the sentence says which it is.

#include "tests/testkit/finding.hpp"
#include "tests/testkit/plain_runtime.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace vigil;
using namespace vigil::test;

namespace {

/// A mistake that runtimes make as long as this exists.
class with_mistake {
public:
  explicit with_mistake(mistake x) {
    plain_runtime::made = x;
  }

  ~with_mistake() {
    plain_runtime::made = mistake::none;
  }
};

/// The test that a user would write: a process of a monitors one of b, which
/// ends, and takes its DOWN.
void watch(testkit::cluster& c) {
  auto& a = c.start<plain_runtime>(node_a);
  auto& b = c.start<plain_runtime>(node_b);
  auto& watching = a.runtime<plain_runtime>();
  auto& watched = b.runtime<plain_runtime>();
  auto watcher = watching.spawn();
  auto other = watching.spawn();
  auto object = watched.spawn();
  auto ref = watching.monitor(watcher, object).value();
  auto second = watching.monitor(other, object).value();
  c.expect(a.front().sync(node_b, 1s) == errc::none, "b has the monitors");
  watched.exit(object, boom());
  c.run_for(1s);
  for (auto process : {watcher, other})
    while (auto message = watching.receive(process))
      a.received(message->ref);
  c.expect_down(watcher, ref, boom());
  c.expect_down(other, second, boom());
  c.settle();
}

} // namespace

TEST_CASE("a runtime without mistakes is found right") {
  CHECK(finding(watch) == "");
}

TEST_CASE("an end that is reported twice is found") {
  with_mistake x{mistake::reports_twice};
  says(finding(watch), "b: the end of b.1 was reported a second time");
}

TEST_CASE("an end that is never reported is found") {
  with_mistake x{mistake::never_reports};
  says(finding(watch),
       "b: `alive` says no for b.1 and its end was not reported; "
       "a.1 monitors it");
}

TEST_CASE("an `alive` that says yes for too long is found") {
  with_mistake x{mistake::alive_too_late};
  says(finding(watch),
       "b: the end of b.1 was reported while `alive` still says "
       "that it is there");
}

TEST_CASE("a DOWN that gets lost behind `deliver` is found") {
  with_mistake x{mistake::drops_down};
  auto body = [](testkit::cluster& c) {
    plain_runtime::made = mistake::drops_down;
    auto& a = c.start<plain_runtime>(node_a);
    auto& watching = a.runtime<plain_runtime>();
    auto watcher = watching.spawn();
    auto object = watching.spawn();
    auto ref = watching.monitor(watcher, object).value();
    watching.exit(object, boom());
    c.expect_down(watcher, ref, boom());
    while (auto message = watching.receive(watcher))
      a.received(message->ref);
    // Another that is not lost: the test says what is received.
    plain_runtime::made = mistake::none;
    auto next = watching.spawn();
    auto last = watching.monitor(watcher, next).value();
    watching.exit(next, boom());
    c.expect_down(watcher, last, boom());
    a.received(watching.receive(watcher)->ref);
  };
  says(finding(body), "a: DOWN r1 for a.1 was handed to `deliver` and never "
                      "received");
}

TEST_CASE("a lock that is held in a call that may wait is found") {
  with_mistake x{mistake::holds_lock};
  says(finding(watch),
       "a: a lock that `alive` needs is held in a call that may "
       "wait: monitor");
}

TEST_CASE("an `alive` that says no before the end is reported is found") {
  auto body = [](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    auto& b = c.start<plain_runtime>(node_b);
    auto& watched = b.runtime<plain_runtime>();
    auto watcher = a.runtime<plain_runtime>().spawn();
    auto object = watched.spawn();
    a.front().monitor(watcher, object).value();
    c.expect(a.front().sync(node_b, 1s) == errc::none, "b has the monitor");
    watched.hide(object);
    c.run_for(1ms);
  };
  says(finding(body),
       "b: `alive` says no for b.1 and its end was not reported");
}

TEST_CASE("a runtime that may have a gap is left alone, but not one that "
          "answers with noproc what was alive") {
  auto body = [](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    auto& b = c.start<plain_runtime>(node_b);
    b.allow_gap();
    auto& watched = b.runtime<plain_runtime>();
    auto watcher = a.runtime<plain_runtime>().spawn();
    auto object = watched.spawn();
    auto ref = a.front().monitor(watcher, object).value();
    c.expect(a.front().sync(node_b, 1s) == errc::none, "b has the monitor");
    watched.hide(object);
    c.run_for(1s);
    CHECK(b.front().process_exited(object, boom()) == errc::none);
    c.expect_down(watcher, ref, boom());
  };
  CHECK(finding(body) == "");
}

TEST_CASE("a test that expects another reason is told which there was") {
  auto body = [](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    auto& watching = a.runtime<plain_runtime>();
    auto watcher = watching.spawn();
    auto object = watching.spawn();
    auto ref = watching.monitor(watcher, object).value();
    watching.exit(object, boom());
    c.expect_down(watcher, ref, exit_reason::normal());
  };
  auto found = finding(body);
  says(found, "seed 1, 0.000 s: expected: DOWN r1 normal to a.1, but it says "
              "boom");
  // What happened, and how to see it again.
  says(found, "    0.000000 s  a  a.1 monitors a.2: r1\n");
  says(found, "    0.000000 s  a  DOWN r1 a.2 boom to a.1\n");
  says(found, "VIGIL_SEED=1");
}

TEST_CASE(
  "a test that expects a DOWN of another's monitor is told whose it is") {
  auto found = finding([](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    auto& watching = a.runtime<plain_runtime>();
    auto watcher = watching.spawn();
    auto other = watching.spawn();
    auto object = watching.spawn();
    auto ref = watching.monitor(watcher, object).value();
    watching.exit(object, boom());
    c.expect_down(other, ref, boom());
  });
  says(found, "expected: DOWN r1 boom to a.2, but a.1 monitors");
}

TEST_CASE("a DOWN that does not come is missed within the limit") {
  auto found = finding([](testkit::cluster& c) {
    auto& a = c.start<plain_runtime>(node_a);
    auto& watching = a.runtime<plain_runtime>();
    auto watcher = watching.spawn();
    auto ref = watching.monitor(watcher, watching.spawn()).value();
    c.expect_down(watcher, ref, boom(), 2s);
  });
  says(found, "seed 1, 2.000 s: expected: DOWN r1 boom to a.1, which did not "
              "come within 2000 ms");
}

TEST_CASE("a test may take its time to look into mailboxes") {
  CHECK(finding([](testkit::cluster& c) {
          auto& a = c.start<plain_runtime>(node_a);
          auto& watching = a.runtime<plain_runtime>();
          auto watcher = watching.spawn();
          for (auto i = 0; i < 3; ++i) {
            auto object = watching.spawn();
            CHECK(watching.monitor(watcher, object));
            watching.exit(object, boom());
            c.settle();
            c.run_for(1s);
          }
          while (auto message = watching.receive(watcher))
            a.received(message->ref);
        })
        == "");
}

TEST_CASE("what is found in a callback ends the run at the test's next call") {
  class strict_runtime : public plain_runtime {
  public:
    using plain_runtime::plain_runtime;

    void deliver(const down_notice*, size_t) noexcept override {
      nodes->expect(false, "no DOWN");
    }

    testkit::cluster* nodes = nullptr;
  };
  auto found = finding([](testkit::cluster& c) {
    auto& a = c.start<strict_runtime>(node_a);
    auto& x = a.runtime<strict_runtime>();
    x.nodes = &c;
    auto object = x.spawn();
    CHECK(x.monitor(x.spawn(), object));
    x.exit(object, boom());
    static_cast<void>(a.front().stats());
    FAIL("the test went on");
  });
  says(found, "expected: no DOWN");
}

TEST_CASE("what a test throws is said with its seed") {
  auto body = [](testkit::cluster&) { throw std::runtime_error{"no luck"}; };
  CHECK_THROWS_WITH(testkit::run(body), "no luck");
}
